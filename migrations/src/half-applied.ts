import { enumLabel, indexState, partitionState } from './catalogue.queries.ts';
import { isNode, namesOf, quotedForServer, relationNames } from './nodes.ts';
import type { ParsedStatement, SqlParser } from './parser.ts';
import { script, sql } from './sql-text.ts';
import type { Queryable } from './types.ts';

/**
 * What the catalogue says about a migration that runs without a transaction and was interrupted.
 * `nothing-done`: run it again. `partly-done`: `cleanUp` first, then run it again. `done-not-recorded`: record it.
 * `repeatable`: running it again is harmless whatever was done. `unknown`: a person has to look.
 */
export interface HalfApplied {
  readonly state: 'nothing-done' | 'partly-done' | 'done-not-recorded' | 'repeatable' | 'unknown';
  readonly detail: string;
  /** Quoted name of the invalid index to drop before running again, null when there is none. */
  readonly invalidIndex: string | null;
}

/** Decides from the catalogue how far one statement got. Throws only what the server throws. */
export async function classifyHalfApplied(database: Queryable, parser: SqlParser, sql: string): Promise<HalfApplied> {
  const parsed = parser.parse(sql);
  const statement = 'statements' in parsed && parsed.statements.length === 1 ? parsed.statements[0] : undefined;
  if (statement === undefined) return unknown('its statement does not parse');
  const index = createdIndexOf(statement);
  if (index !== null) return createdIndex(database, index);
  const dropped = droppedIndexOf(statement);
  if (dropped !== null) return droppedIndex(database, dropped);
  const label = addedLabelOf(statement);
  if (label !== null) return addedLabel(database, label);
  const detached = detachedPartitionOf(statement);
  if (detached !== null) return detachedPartition(database, detached);
  if (['VacuumStmt', 'ReindexStmt', 'ClusterStmt'].includes(statement.type)) {
    return { state: 'repeatable', detail: 'it may be repeated without harm', invalidIndex: null };
  }
  return unknown(`the catalogue does not tell how far a ${statement.type} got`);
}

async function createdIndex(database: Queryable, name: string): Promise<HalfApplied> {
  const { rows } = await database.query<{ is_valid: boolean; table_name: string }>(indexState, [name]);
  const row = rows[0];
  if (row === undefined) return { state: 'nothing-done', detail: `the index ${name} does not exist`, invalidIndex: null };
  if (row.is_valid) return { state: 'done-not-recorded', detail: `the index ${name} is complete and valid`, invalidIndex: null };
  return { state: 'partly-done', detail: `the build left the invalid index ${name} on ${row.table_name}`, invalidIndex: name };
}

async function droppedIndex(database: Queryable, name: string): Promise<HalfApplied> {
  const { rows } = await database.query<{ is_valid: boolean }>(indexState, [name]);
  const row = rows[0];
  if (row === undefined) return { state: 'done-not-recorded', detail: `the index ${name} is gone`, invalidIndex: null };
  if (row.is_valid) return { state: 'nothing-done', detail: `the index ${name} is still valid`, invalidIndex: null };
  return { state: 'partly-done', detail: `the index ${name} is invalid but still there`, invalidIndex: name };
}

async function addedLabel(database: Queryable, { type, label }: { type: string; label: string }): Promise<HalfApplied> {
  const { rows } = await database.query<{ present: boolean }>(enumLabel, [type, label]);
  const present = rows[0]?.present === true;
  const detail = `the type ${type} ${present ? 'has' : 'does not have'} the value ${label}`;
  return { state: present ? 'done-not-recorded' : 'nothing-done', detail, invalidIndex: null };
}

async function detachedPartition(database: Queryable, names: { parent: string[]; part: string[] }): Promise<HalfApplied> {
  const [parent, part] = [quotedForServer(names.parent), quotedForServer(names.part)];
  const { rows } = await database.query<{ is_pending: boolean }>(partitionState, [parent, part]);
  const row = rows[0];
  if (row === undefined) return { state: 'done-not-recorded', detail: `${part} is detached`, invalidIndex: null };
  if (!row.is_pending) return { state: 'nothing-done', detail: `${part} is still attached`, invalidIndex: null };
  const finish = script(sql`alter table ${names.parent} detach partition ${names.part} finalize`);
  return unknown(`${part} is half detached; finish it with: ${finish} and record the migration as applied`);
}

function unknown(detail: string): HalfApplied {
  return { state: 'unknown', detail, invalidIndex: null };
}

/** Quoted name of the index that `create index` makes; null for other statements and for an unnamed index. */
export function createdIndexOf({ type, node }: ParsedStatement): string | null {
  if (type !== 'IndexStmt' || typeof node['idxname'] !== 'string') return null;
  const schema = isNode(node['relation']) ? node['relation']['schemaname'] : undefined;
  return quotedForServer(typeof schema === 'string' ? [schema, node['idxname']] : [node['idxname']]);
}

function droppedIndexOf({ type, node }: ParsedStatement): string | null {
  if (type !== 'DropStmt' || node['removeType'] !== 'OBJECT_INDEX' || !Array.isArray(node['objects'])) return null;
  const list: unknown = node['objects'][0];
  const items = isNode(list) && isNode(list['List']) ? list['List']['items'] : undefined;
  const names = namesOf(items);
  return names.length === 0 || node['objects'].length > 1 ? null : quotedForServer(names);
}

function addedLabelOf({ type, node }: ParsedStatement): { type: string; label: string } | null {
  if (type !== 'AlterEnumStmt' || typeof node['newVal'] !== 'string' || node['oldVal'] !== undefined) return null;
  const names = namesOf(node['typeName']);
  return names.length === 0 ? null : { type: quotedForServer(names), label: node['newVal'] };
}

function detachedPartitionOf({ type, node }: ParsedStatement): { parent: string[]; part: string[] } | null {
  if (type !== 'AlterTableStmt' || !Array.isArray(node['cmds']) || !isNode(node['relation'])) return null;
  const wrapped: unknown = node['cmds'][0];
  const command = isNode(wrapped) ? wrapped['AlterTableCmd'] : undefined;
  if (!isNode(command) || command['subtype'] !== 'AT_DetachPartition' || !isNode(command['def'])) return null;
  const partition = command['def']['PartitionCmd'];
  if (!isNode(partition) || !isNode(partition['name'])) return null;
  return { parent: relationNames(node['relation']), part: relationNames(partition['name']) };
}
