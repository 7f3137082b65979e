import { isNode, relationNames } from './nodes.ts';
import type { SqlParser } from './parser.ts';
import { script, sql } from './sql-text.ts';
import { oneLine } from './tokens.ts';
import type { LintStatement } from './lint-statement.ts';
import type { Severity } from './types.ts';

interface SquawkRule {
  readonly severity: Severity;
  /** Null: squawk's own help says it. */
  readonly fix: string | null;
}

const alone = 'alone in a migration whose first line is: -- sanctum: no-transaction';

/** Squawk has no severities; these are ours. A rule that is not listed counts as medium. */
export const squawkRules: Readonly<Record<string, SquawkRule>> = {
  'require-concurrent-index-creation': { severity: 'high', fix: `create index concurrently …, ${alone}` },
  'require-concurrent-index-deletion': { severity: 'high', fix: `drop index concurrently …, ${alone}` },
  'require-concurrent-reindex': { severity: 'high', fix: `reindex index concurrently …, ${alone}` },
  'require-concurrent-partition-detach': { severity: 'high', fix: `alter table … detach partition … concurrently, ${alone}` },
  'constraint-missing-not-valid': {
    severity: 'high',
    fix: 'Add it with not valid here, and validate it in the next migration: alter table … validate constraint …;',
  },
  'adding-foreign-key-constraint': {
    severity: 'high',
    fix: 'Add it with not valid here, and validate it in the next migration: alter table … validate constraint …;',
  },
  'adding-field-with-default': {
    severity: 'high',
    fix: 'Add the column without the volatile default, set the default in a second statement, fill old rows by a job.',
  },
  'adding-required-field': {
    severity: 'high',
    fix: 'Add the column nullable or with a constant default; require it once every row has a value.',
  },
  'adding-serial-primary-key-field': {
    severity: 'high',
    fix: 'Build a unique index concurrently, then: alter table … add constraint … primary key using index …;',
  },
  'disallowed-unique-constraint': {
    severity: 'high',
    fix: 'Build a unique index concurrently, then: alter table … add constraint … unique using index …;',
  },
  'ban-alter-domain-with-add-constraint': { severity: 'high', fix: 'Use a check constraint, not valid, on each table.' },
  'ban-uncommitted-transaction': { severity: 'high', fix: 'Remove begin: each file runs in one transaction.' },
  'ban-duplicate-column-assignments': { severity: 'high', fix: null },
  'identifier-too-long': { severity: 'high', fix: 'Shorten it to 63 bytes: PostgreSQL cuts it silently.' },
  'ban-drop-not-null': {
    severity: 'medium',
    fix: 'Release code that expects null first; then say so in the first line: -- sanctum: expand',
  },
  'ban-create-domain-with-constraint': { severity: 'medium', fix: 'Use a plain type and a check constraint.' },
  'prefer-repack': { severity: 'medium', fix: null },
  'require-enum-value-ordering': { severity: 'low', fix: 'Say where: add value … before … or after …' },
  'ban-char-field': { severity: 'low', fix: 'text with a check on its length' },
  'prefer-text-field': { severity: 'low', fix: 'text with a check on its length' },
  'prefer-identity': { severity: 'low', fix: 'bigint generated always as identity' },
  'prefer-timestamptz': { severity: 'medium', fix: 'timestamptz' },
  'prefer-timestamp-tz': { severity: 'medium', fix: 'timestamptz' },
  'require-table-schema': { severity: 'low', fix: null },
};

const tastes = /^prefer-|^ban-char-field$|^require-(table-schema|enum-value-ordering)$|^identifier-too-long$|^ban-create-domain/;

/** True for rules about how a column is declared, whatever is in the table. */
export function isTaste(rule: string): boolean {
  return tastes.test(rule);
}

/** True for rules about what a statement does to rows, and to those who use them meanwhile. */
export function isAboutData(rule: string): boolean {
  return !isTaste(rule) && !['ban-duplicate-column-assignments', 'ban-uncommitted-transaction'].includes(rule);
}

interface Rewriting {
  readonly parser: SqlParser;
  readonly isPartitioned: boolean;
}

/** The statement as it should have been written, where that follows from its text; else null. */
export function rewritten(rule: string, statement: LintStatement, { parser, isPartitioned }: Rewriting): string | null {
  const text = oneLine(parser, statement.text);
  switch (rule) {
    case 'require-concurrent-index-creation':
      return isPartitioned ? onEachPartition : `${ownMigration}${text.replace(/\bindex\b/i, 'index concurrently')};`;
    case 'require-concurrent-index-deletion':
      return isPartitioned ? noWayAround : `${ownMigration}${text.replace(/\bindex\b/i, 'index concurrently')};`;
    case 'constraint-missing-not-valid':
    case 'adding-foreign-key-constraint':
      return validatedLater(text, statement);
    default:
      return null;
  }
}

const ownMigration = 'In a migration of its own:\n-- sanctum: no-transaction\n';
const onEachPartition =
  'A partitioned table has no concurrent way: create the index on only the parent, which takes a moment; build it concurrently on each partition, each in a migration of its own with -- sanctum: no-transaction; then alter index … attach partition … for each.';
const noWayAround =
  'An index of a partitioned table cannot be dropped concurrently: drop it alone in a migration with -- sanctum: lock-timeout 2s, at a quiet hour.';

function commandsOf({ parsed }: LintStatement): { relation: string[]; commands: Record<string, unknown>[] } | null {
  const only = parsed[0];
  if (only?.type !== 'AlterTableStmt' || !isNode(only.node['relation']) || !Array.isArray(only.node['cmds'])) return null;
  const commands = only.node['cmds'].flatMap((item: unknown) =>
    isNode(item) && isNode(item['AlterTableCmd']) ? [{ ...item['AlterTableCmd'] }] : [],
  );
  return { relation: relationNames(only.node['relation']), commands };
}

function validatedLater(text: string, statement: LintStatement): string | null {
  const altered = commandsOf(statement);
  const definition = altered?.commands.length === 1 ? altered.commands[0]?.['def'] : undefined;
  const constraint = isNode(definition) ? definition['Constraint'] : undefined;
  if (altered === null || !isNode(constraint) || typeof constraint['conname'] !== 'string') return null;
  const validate = script(sql`alter table ${altered.relation} validate constraint ${constraint['conname']}`);
  return `${text} not valid;\n-- in the next migration:\n${validate}`;
}
