import { columnRules } from './lint-column-rules.ts';
import { changeRules } from './lint-change-rules.ts';
import { createdNames } from './lint-nodes.ts';
import type { Rule, RuleHit, Seen } from './lint-rule.ts';
import { bodyRules, statementRules } from './lint-statement-rules.ts';
import type { LintStatement } from './lint-statement.ts';
import type { LintText } from './lint-text.ts';
import { applyStatement } from './schema-apply.ts';
import { isNewTarget, onlyFreeChanges } from './lint-known.ts';
import { keyOf } from './schema-model.ts';
import type { SchemaModel } from './schema-model.ts';
import type { Severity } from './types.ts';

export interface OwnResult {
  readonly hits: readonly RuleHit[];
  /** Statements about tables that the same file created before, where dangers for others' work do not apply. */
  readonly onNewTables: ReadonlySet<LintStatement>;
  /** Statements that change types in the catalogue alone. */
  readonly free: ReadonlySet<LintStatement>;
  /** Statements about a partitioned table. */
  readonly onPartitioned: ReadonlySet<LintStatement>;
}

const runningRules: readonly Rule[] = [...statementRules, ...columnRules, ...changeRules];

/** Our own rules, applied to every statement of the file and of the bodies in it. The model is taken forward by the file. */
export function ownFindings(text: LintText, model: SchemaModel): OwnResult {
  const hits: RuleHit[] = [];
  const created = new Set<string>();
  const [onNewTables, free, onPartitioned] = [new Set<LintStatement>(), new Set<LintStatement>(), new Set<LintStatement>()];
  const noTransaction = text.directives.noTransaction;
  for (const statement of text.statements) {
    if (statement.error !== null) hits.push(syntaxError(statement));
    for (const parsed of statement.parsed) {
      const seen: Seen = { statement, parsed, noTransaction, created, model };
      hits.push(...hitsOf(statement.within === 'function' ? bodyRules : runningRules, seen));
      if (isNewTarget(seen)) onNewTables.add(statement);
      if (onlyFreeChanges(seen)) free.add(statement);
      if (model.tables.get(keyOf(parsed.node['relation']))?.isPartitioned === true) onPartitioned.add(statement);
      if (statement.within === 'function') continue;
      for (const name of createdNames(parsed, created)) created.add(name);
      applyStatement(model, parsed, statement.within === 'file');
    }
  }
  return { hits, onNewTables, free, onPartitioned };
}

function hitsOf(rules: readonly Rule[], seen: Seen): RuleHit[] {
  const { statement } = seen;
  return rules.flatMap((rule) =>
    [rule(seen) ?? []]
      .flat()
      .map((verdict) => ({ ...verdict, line: statement.line, statement, severity: softened(verdict.severity, statement) })),
  );
}

/** A function's body runs when somebody calls it, not with the migration. */
function softened(severity: Severity, { within }: LintStatement): Severity {
  if (within !== 'function') return severity;
  return severity === 'critical' ? 'high' : severity === 'high' ? 'medium' : 'low';
}

function syntaxError(statement: LintStatement): RuleHit {
  const { error } = statement;
  const offset = error?.offset ?? null;
  const line = offset === null ? statement.line : statement.line + statement.text.slice(0, offset).split('\n').length - 1;
  const verdict = {
    rule: 'syntax-error',
    severity: 'critical' as const,
    detail: `PostgreSQL's parser refuses the statement: ${error?.message ?? 'unknown reason'}.`,
    fix: 'Correct the statement; every other statement of the file was examined.',
  };
  return { ...verdict, line, statement };
}
