import { breaksOf } from './compatibility.ts';
import type { RuleHit } from './lint-rule.ts';
import type { LintText } from './lint-text.ts';

/** The first file of our own chain that has to say it; what came before was applied before it was asked, and stays as it is. */
const ownChainFrom = 33;

/**
 * Number of the file from which on every file has to say what it keeps working: the first that does, in our own chain a
 * fixed one. Null for the chain of somebody who does not say it at all.
 */
export function declaresFrom(texts: readonly LintText[], isOwnChain: boolean): number | null {
  const first = texts.find((text) => text.directives.compatibility !== null)?.file.number;
  return first ?? (isOwnChain ? ownChainFrom : null);
}

/** Whether a file says what becomes of releases that are running, and whether its statements keep to it. */
export function compatibilityFindings({ file, directives, statements }: LintText, from: number | null): RuleHit[] {
  const first = statements[0];
  if (first === undefined) return [];
  const breaking = breaksOf(statements.filter((statement) => statement.within !== 'function'));
  const contract = `-- sanctum: contract ${String(file.number).padStart(4, '0')}`;
  if (directives.compatibility === null) {
    if (from === null || file.number < from) return [];
    const judged = breaking[0];
    return [
      {
        rule: 'undeclared-compatibility',
        severity: 'medium',
        line: judged?.line ?? 1,
        statement: statements.find((statement) => statement.line === judged?.line) ?? first,
        detail: `The file does not say whether releases that are running keep working. Judged by its statements ${judged === undefined ? 'they do' : `they do not: it ${judged.what}`}.`,
        fix: `Say it in the header: ${judged === undefined ? '-- sanctum: expand' : `${contract}, or -- sanctum: expand when nothing that runs uses it`}`,
      },
    ];
  }
  if (directives.compatibility.kind !== 'expand') return [];
  return breaking
    .filter((one) => one.isCertain)
    .map((one) => ({
      rule: 'expand-that-breaks',
      severity: 'high' as const,
      line: one.line,
      statement: statements.find((statement) => statement.line === one.line) ?? first,
      detail: `The file promises that every running release keeps working, and this statement ${one.what}.`,
      fix: `${contract} in the header, where the number is the first migration that a release has to know; or keep what is there until no release uses it.`,
    }));
}
