import type { LintStatement } from './lint-statement.ts';
import type { ParsedStatement } from './parser.ts';
import type { SchemaModel } from './schema-model.ts';
import type { Severity } from './types.ts';

export interface RuleHit {
  readonly rule: string;
  readonly severity: Severity;
  /** 1-based. */
  readonly line: number;
  readonly statement: LintStatement;
  readonly detail: string;
  readonly fix: string;
}

/** What a rule sees: one parsed statement, and what is known before it runs. */
export interface Seen {
  readonly statement: LintStatement;
  readonly parsed: ParsedStatement;
  readonly noTransaction: boolean;
  /** Tables created earlier in the file, by their plain names: empty and invisible to others, so most dangers do not apply. */
  readonly created: ReadonlySet<string>;
  /** Tables as earlier files and statements left them. */
  readonly model: SchemaModel;
}

export interface Verdict {
  readonly rule: string;
  readonly severity: Severity;
  readonly detail: string;
  readonly fix: string;
}

export type Rule = (seen: Seen) => Verdict | null | readonly Verdict[];
