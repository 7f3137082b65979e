/** How the runner runs one file, from `-- sanctum: …` comments above its first statement. */
export interface Directives {
  readonly noTransaction: boolean;
  /** Milliseconds; null means the runner's default. */
  readonly lockTimeoutMs: number | null;
  readonly statementTimeoutMs: number | null;
  /** Directive lines that are not understood: the file is refused, never run with a guess. */
  readonly unknown: readonly { readonly line: number; readonly text: string }[];
}

const directive = /^--\s*sanctum:\s*(.*?)\s*$/;
const duration = /^(lock-timeout|statement-timeout)\s+(\d{1,9})(ms|s|min)$/;
const factors: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000 };

/** Reads directives from the comment block at the top; a directive below the first statement is unknown. */
export function parseDirectives(text: string): Directives {
  let noTransaction = false;
  let lockTimeoutMs: number | null = null;
  let statementTimeoutMs: number | null = null;
  const unknown: { line: number; text: string }[] = [];
  let isHeader = true;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (isHeader && line !== '' && !line.startsWith('--')) isHeader = false;
    const body = directive.exec(line)?.[1];
    if (body === undefined) continue;
    const timeout = duration.exec(body);
    const valueMs = timeout === null ? null : Number(timeout[2]) * (factors[timeout[3] ?? ''] ?? Number.NaN);
    if (isHeader && body === 'no-transaction') noTransaction = true;
    else if (isHeader && timeout?.[1] === 'lock-timeout') lockTimeoutMs = valueMs;
    else if (isHeader && timeout?.[1] === 'statement-timeout') statementTimeoutMs = valueMs;
    else unknown.push({ line: index + 1, text: line });
  }
  return { noTransaction, lockTimeoutMs, statementTimeoutMs, unknown };
}
