import { onRelation } from './named-locks.ts';
import type { NamedLock } from './named-locks.ts';
import { isNode, namesOf } from './nodes.ts';
import type { ParsedStatement, ParseNode } from './parser.ts';

const nodesMax = 200_000;
const writing = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** The locks of statements that read and write rows, at any depth: what they write, what they lock row by row, what they read. */
export function readingLocks({ type, node }: ParsedStatement): NamedLock[] {
  const locks: NamedLock[] = [];
  const ownNames = new Set<string>();
  const stack: unknown[] = [{ [type]: node }];
  for (let seen = 0; stack.length > 0 && seen < nodesMax; seen += 1) {
    const value = stack.pop();
    if (Array.isArray(value)) stack.push(...(value as unknown[]));
    if (!isNode(value)) continue;
    for (const [key, child] of Object.entries(value)) {
      // The names behind `for update of` are aliases; rowLocks reads them.
      if (key !== 'LockingClause') stack.push(child);
      if (!isNode(child)) continue;
      if (key === 'CommonTableExpr') ownNames.add(String(child['ctename']));
      if (key === 'RangeVar') locks.push(...onRelation(child, 'ACCESS SHARE'));
      if (writing.has(key)) locks.push(...onRelation(child['relation'], 'ROW EXCLUSIVE'));
      if (key === 'SelectStmt') locks.push(...rowLocks(child));
    }
  }
  return locks.filter(([relation]) => !ownNames.has(relation));
}

/** `for update` and its kin, on every table of the `from` clause or on those named. */
function rowLocks(select: ParseNode): NamedLock[] {
  const clauses = Array.isArray(select['lockingClause']) ? select['lockingClause'] : [];
  return clauses.flatMap((item: unknown) => {
    const clause = isNode(item) && isNode(item['LockingClause']) ? item['LockingClause'] : {};
    const named = new Set((Array.isArray(clause['lockedRels']) ? clause['lockedRels'] : []).flatMap(nameOf));
    return tablesOf(select['fromClause'])
      .filter((table) => named.size === 0 || nameOf({ RangeVar: table }).some((name) => named.has(name)))
      .flatMap((table) => onRelation(table, 'ROW SHARE'));
  });
}

/** Alias of a table in a `from` clause, else its name. */
function nameOf(item: unknown): string[] {
  const table = isNode(item) && isNode(item['RangeVar']) ? item['RangeVar'] : {};
  const alias = isNode(table['alias']) ? table['alias']['aliasname'] : undefined;
  const name = alias ?? table['relname'];
  return typeof name === 'string' ? [name] : namesOf([item]);
}

function tablesOf(from: unknown): ParseNode[] {
  if (Array.isArray(from)) return from.flatMap(tablesOf);
  if (!isNode(from)) return [];
  if (isNode(from['RangeVar'])) return [from['RangeVar']];
  const join = from['JoinExpr'];
  return isNode(join) ? [...tablesOf(join['larg']), ...tablesOf(join['rarg'])] : [];
}
