import type { NamingStyle } from './chain-names.ts';
import type { Directives } from './directives.ts';
import { outsideTransaction } from './lint-nodes.ts';
import type { LintStatement } from './lint-statement.ts';

/** Marks of tools that keep the way forth and the way back in one file. */
const upMark = /^--\s*(?:migrate:up|\+goose\s+up)\b/i;
const downMark = /^--\s*(?:migrate:down|\+goose\s+down)\b/i;
const withoutTransaction = /^--\s*(?:migrate:up\b.*\btransaction:false|\+goose\s+no\s+transaction|atlas:txmode\s+none)/im;

/** The text that runs forth: the way back is blanked, lines kept, and so is a byte order mark. */
export function forwardText(text: string): string {
  const own = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const lines = own.split('\n');
  if (!lines.some((line) => downMark.test(line))) return own;
  let isBack = false;
  return lines
    .map((line) => {
      if (downMark.test(line)) isBack = true;
      if (upMark.test(line)) isBack = false;
      return isBack ? '' : line;
    })
    .join('\n');
}

/**
 * Directives of another tool's file. It says so itself when it runs without a transaction; those that do not ask send a file
 * of one statement as it is, or look for what cannot run in a transaction.
 */
export function foreignDirectives(directives: Directives, text: string, statements: readonly LintStatement[]): Directives {
  const needsNone = statements.some(({ parsed }) => parsed.some((one) => outsideTransaction(one) !== null));
  const isAlone = statements.filter(({ within }) => within === 'file').length === 1;
  return withoutTransaction.test(text) || (needsNone && isAlone) ? { ...directives, noTransaction: true } : directives;
}

const hints: Readonly<Record<NamingStyle, string | null>> = {
  sanctum: null,
  flyway: 'alone in its file, with executeInTransaction=false in the .conf beside it',
  'up-down': 'alone in its file',
  numbered: 'alone in its file (dbmate: -- migrate:up transaction:false, goose: -- +goose NO TRANSACTION)',
  plain: 'alone in its file',
};

/** A fix in the words of the tool that runs the file. */
export function withoutTransactionHint(fix: string, style: NamingStyle): string {
  const hint = hints[style];
  if (hint === null) return fix;
  return fix
    .replaceAll('In a migration of its own:\n-- sanctum: no-transaction\n', () => `${hint[0]?.toUpperCase() ?? ''}${hint.slice(1)}:\n`)
    .replaceAll(/(alone )?in(to)? a migration (whose first line is: |with )-- sanctum: no-transaction/g, () => hint)
    .replaceAll('-- sanctum: no-transaction', () => hint);
}
