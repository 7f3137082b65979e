import { isNode, namesOf, quoted, relationName } from './nodes.ts';
import type { ParsedStatement, ParseNode, SqlParser } from './parser.ts';
import { splitStatements } from './statements.ts';

export type LockMode =
  | 'ACCESS SHARE'
  | 'ROW EXCLUSIVE'
  | 'SHARE UPDATE EXCLUSIVE'
  | 'SHARE'
  | 'SHARE ROW EXCLUSIVE'
  | 'EXCLUSIVE'
  | 'ACCESS EXCLUSIVE';

export interface RelationLock {
  /** Quoted name of a table, or of an index when its table is not named. */
  readonly relation: string;
  readonly mode: LockMode;
  readonly blocks: 'nothing' | 'schema changes' | 'writes' | 'reads and writes';
}

const blocks: Readonly<Record<LockMode, RelationLock['blocks']>> = {
  'ACCESS SHARE': 'nothing',
  'ROW EXCLUSIVE': 'nothing',
  'SHARE UPDATE EXCLUSIVE': 'schema changes',
  SHARE: 'writes',
  'SHARE ROW EXCLUSIVE': 'writes',
  EXCLUSIVE: 'writes',
  'ACCESS EXCLUSIVE': 'reads and writes',
};

const strength: readonly LockMode[] = [
  'ACCESS SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
];

/** ALTER TABLE subcommands that take less than ACCESS EXCLUSIVE (PostgreSQL manual, ALTER TABLE). */
const lighterCommands: Readonly<Record<string, LockMode>> = {
  AT_ValidateConstraint: 'SHARE UPDATE EXCLUSIVE',
  AT_SetStatistics: 'SHARE UPDATE EXCLUSIVE',
  AT_SetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ResetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_SetRelOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ResetRelOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ClusterOn: 'SHARE UPDATE EXCLUSIVE',
  AT_DropCluster: 'SHARE UPDATE EXCLUSIVE',
  AT_AttachPartition: 'SHARE UPDATE EXCLUSIVE',
  AT_EnableTrig: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigUser: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigUser: 'SHARE ROW EXCLUSIVE',
};

/** The strongest lock that one statement takes on each existing relation it names. */
export function locksOf(statement: ParsedStatement): RelationLock[] {
  const strongest = new Map<string, LockMode>();
  for (const [relation, mode] of rawLocks(statement)) {
    const before = strongest.get(relation);
    if (before === undefined || strength.indexOf(mode) > strength.indexOf(before)) strongest.set(relation, mode);
  }
  return [...strongest].map(([relation, mode]) => ({ relation, mode, blocks: blocks[mode] }));
}

function rawLocks({ type, node }: ParsedStatement): [string, LockMode][] {
  switch (type) {
    case 'CreateStmt':
      return referencedBy(node['tableElts']).map((name) => [name, 'SHARE ROW EXCLUSIVE']);
    case 'IndexStmt':
      return onRelation(node['relation'], node['concurrent'] === true ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE');
    case 'AlterTableStmt':
      return alterLocks(node);
    case 'RenameStmt':
      return onRelation(node['relation'], 'ACCESS EXCLUSIVE');
    case 'DropStmt':
      return dropLocks(node);
    case 'TruncateStmt':
      return listed(node['relations']).map((name) => [name, 'ACCESS EXCLUSIVE']);
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
      return onRelation(node['relation'], 'ROW EXCLUSIVE');
    case 'CreateTrigStmt':
      return onRelation(node['relation'], 'SHARE ROW EXCLUSIVE');
    case 'CreatePolicyStmt':
    case 'AlterPolicyStmt':
      return onRelation(node['table'], 'ACCESS EXCLUSIVE');
    case 'RuleStmt':
    case 'ClusterStmt':
      return onRelation(node['relation'], 'ACCESS EXCLUSIVE');
    case 'RefreshMatViewStmt':
      return onRelation(node['relation'], node['concurrent'] === true ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE');
    case 'ReindexStmt':
      return onRelation(node['relation'], 'ACCESS EXCLUSIVE');
    case 'LockStmt':
      return listed(node['relations']).map((name) => [name, strength[Number(node['mode']) - 2] ?? 'ACCESS EXCLUSIVE']);
    case 'VacuumStmt':
      return vacuumLocks(node);
    default:
      return [];
  }
}

function alterLocks(node: ParseNode): [string, LockMode][] {
  if (node['objtype'] !== 'OBJECT_TABLE' && node['objtype'] !== 'OBJECT_INDEX') return onRelation(node['relation'], 'ACCESS EXCLUSIVE');
  const commands = Array.isArray(node['cmds']) ? node['cmds'] : [];
  return commands.flatMap((wrapped: unknown): [string, LockMode][] => {
    const command = isNode(wrapped) && isNode(wrapped['AlterTableCmd']) ? wrapped['AlterTableCmd'] : {};
    const subtype = String(command['subtype']);
    const targets = subtype === 'AT_AddConstraint' ? foreignTargets(command['def']) : [];
    if (targets.length > 0) {
      const both = targets.map((name): [string, LockMode] => [name, 'SHARE ROW EXCLUSIVE']);
      return [...onRelation(node['relation'], 'SHARE ROW EXCLUSIVE'), ...both];
    }
    if (subtype === 'AT_DetachPartition' && isConcurrentDetach(command)) return onRelation(node['relation'], 'SHARE UPDATE EXCLUSIVE');
    const added = subtype === 'AT_AddColumn' ? referencedBy([command['def']]) : [];
    return [
      ...onRelation(node['relation'], lighterCommands[subtype] ?? 'ACCESS EXCLUSIVE'),
      ...added.map((name): [string, LockMode] => [name, 'SHARE ROW EXCLUSIVE']),
    ];
  });
}

function isConcurrentDetach(command: ParseNode): boolean {
  const partition = isNode(command['def']) ? command['def']['PartitionCmd'] : undefined;
  return isNode(partition) && partition['concurrent'] === true;
}

function dropLocks(node: ParseNode): [string, LockMode][] {
  const kinds = ['OBJECT_TABLE', 'OBJECT_INDEX', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_TRIGGER', 'OBJECT_POLICY'];
  if (!kinds.includes(String(node['removeType'])) || !Array.isArray(node['objects'])) return [];
  const isOfTable = node['removeType'] === 'OBJECT_TRIGGER' || node['removeType'] === 'OBJECT_POLICY';
  const mode: LockMode = node['concurrent'] === true ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
  return node['objects'].flatMap((item: unknown): [string, LockMode][] => {
    const names = namesOf(isNode(item) && isNode(item['List']) ? item['List']['items'] : undefined);
    const target = isOfTable ? names.slice(0, -1) : names;
    return target.length === 0 ? [] : [[quoted(target), mode]];
  });
}

function vacuumLocks(node: ParseNode): [string, LockMode][] {
  const isFull = JSON.stringify(node['options'] ?? []).includes('"full"');
  const relations = Array.isArray(node['rels']) ? node['rels'] : [];
  return relations.flatMap((item: unknown) => {
    const relation = isNode(item) && isNode(item['VacuumRelation']) ? item['VacuumRelation']['relation'] : undefined;
    return onRelation(relation, isFull ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE');
  });
}

function referencedBy(elements: unknown): string[] {
  if (!Array.isArray(elements)) return [];
  return elements.flatMap((item: unknown) => {
    if (!isNode(item)) return [];
    const column = item['ColumnDef'];
    if (isNode(column) && Array.isArray(column['constraints'])) return column['constraints'].flatMap(foreignTargets);
    return foreignTargets(item);
  });
}

function foreignTargets(item: unknown): string[] {
  const constraint = isNode(item) ? item['Constraint'] : undefined;
  if (!isNode(constraint) || constraint['contype'] !== 'CONSTR_FOREIGN' || !isNode(constraint['pktable'])) return [];
  return [relationName(constraint['pktable'])];
}

function listed(relations: unknown): string[] {
  if (!Array.isArray(relations)) return [];
  return relations.flatMap((item: unknown) => (isNode(item) && isNode(item['RangeVar']) ? [relationName(item['RangeVar'])] : []));
}

function onRelation(relation: unknown, mode: LockMode): [string, LockMode][] {
  if (!isNode(relation)) return [];
  const own = isNode(relation['RangeVar']) ? relation['RangeVar'] : relation;
  return typeof own['relname'] === 'string' ? [[relationName(own), mode]] : [];
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
