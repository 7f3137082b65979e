import { lockModes } from './lock-mode.ts';
import type { LockMode } from './lock-mode.ts';
import { isNode, relationName } from './nodes.ts';
import type { ParsedStatement, SqlParser } from './parser.ts';
import { statementLocks } from './statement-locks.ts';
import { splitStatements } from './statements.ts';

export interface RelationLock {
  /** Quoted name of a table, or of an index when its table is not named. */
  readonly relation: string;
  readonly mode: LockMode;
  readonly blocks: 'nothing' | 'schema changes' | 'writes' | 'reads and writes';
}

const blocks: Readonly<Record<LockMode, RelationLock['blocks']>> = {
  'ACCESS SHARE': 'nothing',
  'ROW SHARE': 'nothing',
  'ROW EXCLUSIVE': 'nothing',
  'SHARE UPDATE EXCLUSIVE': 'schema changes',
  SHARE: 'writes',
  'SHARE ROW EXCLUSIVE': 'writes',
  EXCLUSIVE: 'writes',
  'ACCESS EXCLUSIVE': 'reads and writes',
};

/** The strongest lock that one statement takes on each existing relation it names. */
export function locksOf(statement: ParsedStatement): RelationLock[] {
  const strongest = new Map<string, LockMode>();
  for (const [relation, mode] of statementLocks(statement)) {
    const before = strongest.get(relation);
    if (before === undefined || lockModes.indexOf(mode) > lockModes.indexOf(before)) strongest.set(relation, mode);
  }
  return [...strongest].map(([relation, mode]) => ({ relation, mode, blocks: blocks[mode] }));
}

/** Every relation that a file's statements lock, once. */
export function lockedRelationsOf(parser: SqlParser, text: string): string[] {
  const names = splitStatements(parser, text).statements.flatMap((statement) => {
    const parsed = parser.parse(statement.text);
    return 'statements' in parsed ? parsed.statements.flatMap((entry) => locksOf(entry).map((lock) => lock.relation)) : [];
  });
  return [...new Set(names)];
}

/** Quoted names of the tables that a statement creates. */
export function createdTablesOf({ type, node }: ParsedStatement): string[] {
  if (type === 'CreateStmt' && isNode(node['relation'])) return [relationName(node['relation'])];
  const into = type === 'CreateTableAsStmt' && isNode(node['into']) ? node['into']['rel'] : undefined;
  return isNode(into) ? [relationName(into)] : [];
}
