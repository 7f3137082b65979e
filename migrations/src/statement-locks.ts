import { lockModes } from './lock-mode.ts';
import type { LockMode } from './lock-mode.ts';
import { isNode, namesOf, quoted } from './nodes.ts';
import type { ParsedStatement, ParseNode } from './parser.ts';
import { alterLocks, referencedBy } from './alter-locks.ts';
import { onRelation, onRelations } from './named-locks.ts';
import type { NamedLock } from './named-locks.ts';
import { readingLocks } from './reading-locks.ts';
import { isConcurrentReindex, isFullVacuum } from './statement-options.ts';

/**
 * Every lock that a statement takes on a relation it names, several on one relation among them. Held to a real server by
 * lock-modes.integration.test.ts, form by form.
 */
export function statementLocks(statement: ParsedStatement): NamedLock[] {
  const { type, node } = statement;
  switch (type) {
    case 'SelectStmt':
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
    case 'CreateTableAsStmt':
      return readingLocks(statement);
    case 'ViewStmt':
      return [...readingLocks(statement), ...(node['replace'] === true ? onRelation(node['view'], 'ACCESS EXCLUSIVE') : [])];
    case 'CreateStmt':
      return createLocks(node);
    case 'AlterTableStmt':
      return alterLocks(node);
    case 'RenameStmt':
      return onRelation(node['relation'], node['renameType'] === 'OBJECT_INDEX' ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE');
    case 'AlterObjectSchemaStmt':
      return onRelation(node['relation'], 'ACCESS EXCLUSIVE');
    case 'DropStmt':
      return dropLocks(node);
    case 'CommentStmt':
      return commentLocks(node);
    case 'GrantStmt':
      return onRelations(node['objects'], 'ACCESS SHARE');
    case 'VacuumStmt':
      return vacuumLocks(statement);
    case 'ReindexStmt':
      return reindexLocks(statement);
    default:
      return definitionLocks(statement);
  }
}

function definitionLocks({ type, node }: ParsedStatement): NamedLock[] {
  switch (type) {
    case 'IndexStmt':
      return onRelation(node['relation'], node['concurrent'] === true ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE');
    case 'TruncateStmt':
      return onRelations(node['relations'], 'ACCESS EXCLUSIVE');
    case 'LockStmt':
      return onRelations(node['relations'], lockModes[Number(node['mode']) - 1] ?? 'ACCESS EXCLUSIVE');
    case 'CreateTrigStmt':
      return [...onRelation(node['relation'], 'SHARE ROW EXCLUSIVE'), ...onRelation(node['constrrel'], 'ACCESS SHARE')];
    case 'CreatePolicyStmt':
    case 'AlterPolicyStmt':
      return onRelation(node['table'], 'ACCESS EXCLUSIVE');
    case 'RuleStmt':
    case 'ClusterStmt':
      return onRelation(node['relation'], 'ACCESS EXCLUSIVE');
    case 'RefreshMatViewStmt':
      return onRelation(node['relation'], node['concurrent'] === true ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE');
    case 'CreateStatsStmt':
      return onRelations(node['relations'], 'SHARE UPDATE EXCLUSIVE');
    case 'CreatePublicationStmt':
    case 'AlterPublicationStmt':
      return publicationLocks(node);
    case 'CreateSeqStmt':
      return sequenceOwnerLocks(node);
    case 'AlterSeqStmt':
      return [...onRelation(node['sequence'], 'SHARE ROW EXCLUSIVE'), ...sequenceOwnerLocks(node)];
    default:
      return [];
  }
}

function createLocks(node: ParseNode): NamedLock[] {
  // A partition made in place changes its parent's bounds for everybody; attaching one made before does not.
  const parents = onRelations(node['inhRelations'], isNode(node['partbound']) ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE');
  const elements = Array.isArray(node['tableElts']) ? node['tableElts'] : [];
  const likes = elements.flatMap((item: unknown) =>
    isNode(item) && isNode(item['TableLikeClause']) ? onRelation(item['TableLikeClause']['relation'], 'ACCESS SHARE') : [],
  );
  return [...parents, ...likes, ...referencedBy(elements).map((name): NamedLock => [name, 'SHARE ROW EXCLUSIVE'])];
}

const droppedKinds = new Set([
  'OBJECT_TABLE',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_INDEX',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_SEQUENCE',
  'OBJECT_TRIGGER',
  'OBJECT_POLICY',
  'OBJECT_RULE',
]);
/** Objects named after the table that they belong to. */
const ofTable = new Set(['OBJECT_TRIGGER', 'OBJECT_POLICY', 'OBJECT_RULE', 'OBJECT_TABCONSTRAINT']);

function dropLocks(node: ParseNode): NamedLock[] {
  const kind = String(node['removeType']);
  if (!droppedKinds.has(kind) || !Array.isArray(node['objects'])) return [];
  const mode: LockMode = node['concurrent'] === true ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
  return node['objects'].flatMap((item: unknown) => onObject(kind, item, mode));
}

const commentedRelations = new Set([
  'OBJECT_TABLE',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_INDEX',
  'OBJECT_SEQUENCE',
]);

function commentLocks(node: ParseNode): NamedLock[] {
  const kind = String(node['objtype']);
  if (ofTable.has(kind)) return onObject(kind, node['object'], 'ACCESS SHARE');
  return kind === 'OBJECT_COLUMN' || commentedRelations.has(kind) ? onObject(kind, node['object'], 'SHARE UPDATE EXCLUSIVE') : [];
}

function onObject(kind: string, item: unknown, mode: LockMode): NamedLock[] {
  const names = namesOf(isNode(item) && isNode(item['List']) ? item['List']['items'] : undefined);
  const target = ofTable.has(kind) || kind === 'OBJECT_COLUMN' ? names.slice(0, -1) : names;
  return target.length === 0 ? [] : [[quoted(target), mode]];
}

function vacuumLocks(statement: ParsedStatement): NamedLock[] {
  const mode: LockMode = isFullVacuum(statement) ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE';
  const relations = Array.isArray(statement.node['rels']) ? statement.node['rels'] : [];
  return relations.flatMap((item: unknown) =>
    onRelation(isNode(item) && isNode(item['VacuumRelation']) ? item['VacuumRelation']['relation'] : undefined, mode),
  );
}

function reindexLocks(statement: ParsedStatement): NamedLock[] {
  const { node } = statement;
  if (isConcurrentReindex(statement)) return onRelation(node['relation'], 'SHARE UPDATE EXCLUSIVE');
  return onRelation(node['relation'], node['kind'] === 'REINDEX_OBJECT_INDEX' ? 'ACCESS EXCLUSIVE' : 'SHARE');
}

function publicationLocks(node: ParseNode): NamedLock[] {
  const objects = Array.isArray(node['pubobjects']) ? node['pubobjects'] : [];
  return objects.flatMap((item: unknown) => {
    const spec = isNode(item) && isNode(item['PublicationObjSpec']) ? item['PublicationObjSpec'] : {};
    return isNode(spec['pubtable']) ? onRelation(spec['pubtable']['relation'], 'SHARE UPDATE EXCLUSIVE') : [];
  });
}

function sequenceOwnerLocks(node: ParseNode): NamedLock[] {
  const options = Array.isArray(node['options']) ? node['options'] : [];
  return options.flatMap((item: unknown): NamedLock[] => {
    const option = isNode(item) && isNode(item['DefElem']) ? item['DefElem'] : {};
    const list = isNode(option['arg']) && isNode(option['arg']['List']) ? namesOf(option['arg']['List']['items']).slice(0, -1) : [];
    return option['defname'] === 'owned_by' && list.length > 0 ? [[quoted(list), 'ACCESS SHARE']] : [];
  });
}
