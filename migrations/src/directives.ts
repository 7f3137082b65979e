/** How the runner runs one file, from `-- sanctum: …` comments above its first statement. */
export interface Directives {
  readonly noTransaction: boolean;
  /** Milliseconds; null means the runner's default. */
  readonly lockTimeoutMs: number | null;
  readonly statementTimeoutMs: number | null;
  /** What the file says about releases that are running; null when it says nothing. */
  readonly compatibility: DeclaredCompatibility | null;
  /** Directive lines that are not understood: the file is refused, never run with a guess. */
  readonly unknown: readonly { readonly line: number; readonly text: string }[];
}

/**
 * `expand`: every release that runs keeps working. `contract`: only releases that know the migration `from` do, the file
 * itself when it is null.
 */
export type DeclaredCompatibility = { readonly kind: 'expand' } | { readonly kind: 'contract'; readonly from: number | null };

/** For messages about a line that is not understood. */
export const directiveHelp =
  'use no-transaction, lock-timeout 2s, statement-timeout 30s, and one of expand, contract or contract 0016, above the first statement.';

const directive = /^--\s*sanctum:\s*(.*?)\s*$/;
const duration = /^(lock-timeout|statement-timeout)\s+(\d{1,9})(ms|s|min)$/;
const promise = /^(expand|contract)(?:\s+(\d{1,6}))?$/;
const factors: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000 };

/** Reads directives from the comment block at the top; a directive below the first statement is unknown. */
export function parseDirectives(text: string): Directives {
  let noTransaction = false;
  let lockTimeoutMs: number | null = null;
  let statementTimeoutMs: number | null = null;
  let compatibility: DeclaredCompatibility | null = null;
  const unknown: { line: number; text: string }[] = [];
  let isHeader = true;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (isHeader && line !== '' && !line.startsWith('--')) isHeader = false;
    const body = directive.exec(line)?.[1];
    if (body === undefined) continue;
    const timeout = duration.exec(body);
    const valueMs = timeout === null ? null : Number(timeout[2]) * (factors[timeout[3] ?? ''] ?? Number.NaN);
    const promised = compatibilityOf(body);
    if (isHeader && body === 'no-transaction') noTransaction = true;
    else if (isHeader && timeout?.[1] === 'lock-timeout') lockTimeoutMs = valueMs;
    else if (isHeader && timeout?.[1] === 'statement-timeout') statementTimeoutMs = valueMs;
    // A second promise contradicts the first or repeats it: a person decides which one holds.
    else if (isHeader && promised !== null && compatibility === null) compatibility = promised;
    else unknown.push({ line: index + 1, text: line });
  }
  return { noTransaction, lockTimeoutMs, statementTimeoutMs, compatibility, unknown };
}

function compatibilityOf(body: string): DeclaredCompatibility | null {
  const match = promise.exec(body);
  if (match?.[1] === 'contract') return { kind: 'contract', from: match[2] === undefined ? null : Number(match[2]) };
  return match !== null && match[2] === undefined ? { kind: 'expand' } : null;
}
