import { columnTypeOf } from './column-types.ts';
import { alterCommands } from './lint-nodes.ts';
import { isNode, namesOf } from './nodes.ts';
import type { ParsedStatement, ParseNode } from './parser.ts';
import { applyAlterations, constraintOf, emptyTable, nodesOf, primaryKeyRequires } from './schema-alter.ts';
import { columnsRead, copyModel, keyBeside, keyOf, keyOfNames } from './schema-model.ts';
import type { SchemaModel, Table } from './schema-model.ts';

/**
 * Applies one statement to the model. A statement that may not have run (`isCertain` false: inside a block, behind a
 * condition) only takes knowledge away: it makes tables, and what it might have changed becomes unknown.
 */
export function applyStatement(model: SchemaModel, statement: ParsedStatement, isCertain = true): void {
  const { type, node } = statement;
  switch (type) {
    case 'CreateStmt':
      createTable(model, node, isCertain);
      return;
    case 'CreateTableAsStmt':
      createTableAs(model, node);
      return;
    case 'AlterTableStmt':
      applyAlterations(model, keyOf(node['relation']), alterCommands(statement), isCertain);
      return;
    case 'IndexStmt':
      createIndex(model, node);
      return;
    case 'RenameStmt':
      rename(model, node);
      return;
    case 'AlterObjectSchemaStmt':
      moveTable(model, node);
      return;
    case 'DropStmt':
      drop(model, node);
      return;
    case 'CreateDomainStmt':
    case 'AlterDomainStmt':
      domain(model, type, node);
      return;
    case 'CreatePolicyStmt': {
      const table = model.tables.get(keyOf(node['table']));
      if (table !== undefined && isCertain) table.policies += 1;
      return;
    }
    default:
  }
}

function createTable(model: SchemaModel, node: ParseNode, isCertain: boolean): void {
  const key = keyOf(node['relation']);
  // With `if not exists` the table of before stays as it is.
  if (node['if_not_exists'] === true && model.tables.has(key)) return;
  const table = emptyTable();
  for (const parent of nodesOf(node['inhRelations'])) inherit(model, table, keyOf(parent));
  for (const element of nodesOf(node['tableElts'])) {
    if (isNode(element['ColumnDef'])) addColumn(model, table, key, element['ColumnDef']);
    if (isNode(element['TableLikeClause'])) inherit(model, table, keyOf(element['TableLikeClause']['relation']));
    if (isNode(element['Constraint'])) addConstraint(model, table, key, element['Constraint']);
  }
  table.isPartitioned = isNode(node['partspec']);
  // A block may have created it or met an older one: then nothing but its existence is known.
  model.tables.set(key, isCertain && node['if_not_exists'] !== true ? table : unknownColumns(table));
}

function unknownColumns(table: Table): Table {
  for (const column of table.columns.values()) Object.assign(column, { type: null, isRequired: false });
  table.constraints.clear();
  return table;
}

function inherit(model: SchemaModel, table: Table, parentKey: string): void {
  const parent = copyModel(model).tables.get(parentKey);
  if (parent === undefined) return;
  for (const [name, column] of parent.columns) table.columns.set(name, column);
  for (const [name, constraint] of parent.constraints) table.constraints.set(name, constraint);
}

function createTableAs(model: SchemaModel, node: ParseNode): void {
  const relation = isNode(node['into']) ? node['into']['rel'] : undefined;
  if (relation !== undefined) model.tables.set(keyOf(relation), emptyTable());
}

function addColumn(model: SchemaModel, table: Table, key: string, definition: ParseNode): void {
  const name = String(definition['colname']);
  const constraints = nodesOf(definition['constraints']).flatMap((item) => (isNode(item['Constraint']) ? [item['Constraint']] : []));
  table.columns.set(name, {
    type: columnTypeOf(definition['typeName']),
    isRequired: constraints.some((item) => ['CONSTR_NOTNULL', 'CONSTR_PRIMARY', 'CONSTR_IDENTITY'].includes(String(item['contype']))),
  });
  for (const item of constraints) addConstraint(model, table, key, { ...item, keys: [{ String: { sval: name } }] });
}

function addConstraint(model: SchemaModel, table: Table, key: string, node: ParseNode): void {
  // An unnamed not null is what the column itself says.
  if (node['contype'] === 'CONSTR_NOTNULL' && typeof node['conname'] !== 'string') return;
  const { name, constraint } = constraintOf(table, node);
  table.constraints.set(name, constraint);
  primaryKeyRequires(table, node);
  const isIndexed = ['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_EXCLUSION'].includes(String(node['contype']));
  if (isIndexed) model.indexes.set(keyBeside(key, name), { table: key, columns: namesOf(node['keys']) });
}

function createIndex(model: SchemaModel, node: ParseNode): void {
  const table = keyOf(node['relation']);
  const elements = [...nodesOf(node['indexParams']), ...nodesOf(node['indexIncludingParams'])];
  const columns = elements.flatMap((item): (string | null)[] => {
    const element = isNode(item['IndexElem']) ? item['IndexElem'] : {};
    if (typeof element['name'] === 'string') return [element['name']];
    const read = columnsRead(element['expr']);
    return read.length === 0 ? [null] : read;
  });
  const name = typeof node['idxname'] === 'string' ? node['idxname'] : `\0${model.indexes.size}`;
  model.indexes.set(keyBeside(table, name), { table, columns: [...columns, ...columnsRead(node['whereClause'])] });
}

function rename(model: SchemaModel, node: ParseNode): void {
  const key = keyOf(node['relation']);
  const [from, to] = [String(node['subname']), String(node['newname'])];
  const table = model.tables.get(key);
  switch (node['renameType']) {
    case 'OBJECT_TABLE':
      moveKey(model, key, keyBeside(key, to));
      return;
    case 'OBJECT_COLUMN':
      if (table !== undefined) {
        moveEntry(table.columns, from, to);
        renameInConstraints(table, from, to);
        renameInIndexes(model, key, from, to);
      }
      return;
    case 'OBJECT_TABCONSTRAINT':
      if (table !== undefined) moveEntry(table.constraints, from, to);
      return;
    case 'OBJECT_INDEX':
      moveEntry(model.indexes, key, keyBeside(key, to));
      return;
    case 'OBJECT_SCHEMA':
      for (const known of model.tables.keys()) {
        if (known.startsWith(`${from}\0`)) moveKey(model, known, `${to}\0${known.slice(from.length + 1)}`);
      }
      return;
    default:
  }
}

function renameInConstraints(table: Table, from: string, to: string): void {
  const renamed = (names: readonly string[]): string[] => names.map((name) => (name === from ? to : name));
  for (const [name, constraint] of table.constraints) {
    const { provenColumns, columns } = constraint;
    table.constraints.set(name, { ...constraint, provenColumns: renamed(provenColumns), columns: renamed(columns) });
  }
}

function renameInIndexes(model: SchemaModel, key: string, from: string, to: string): void {
  for (const [name, index] of model.indexes) {
    if (index.table !== key) continue;
    model.indexes.set(name, { table: key, columns: index.columns.map((column) => (column === from ? to : column)) });
  }
}

function moveTable(model: SchemaModel, node: ParseNode): void {
  const key = keyOf(node['relation']);
  const names = [String(node['newschema']), key.split('\0').at(-1) ?? ''];
  if (node['objectType'] === 'OBJECT_TABLE') moveKey(model, key, keyOfNames(names));
}

function moveKey(model: SchemaModel, from: string, to: string): void {
  moveEntry(model.tables, from, to);
  for (const [name, index] of model.indexes) if (index.table === from) model.indexes.set(name, { ...index, table: to });
}

function moveEntry<Value>(map: Map<string, Value>, from: string, to: string): void {
  const value = map.get(from);
  if (value === undefined) return;
  map.delete(from);
  map.set(to, value);
}

function drop(model: SchemaModel, node: ParseNode): void {
  for (const item of nodesOf(node['objects'])) {
    const key = keyOfNames(namesOf(isNode(item['List']) ? item['List']['items'] : undefined));
    if (node['removeType'] === 'OBJECT_INDEX') model.indexes.delete(key);
    if (node['removeType'] !== 'OBJECT_TABLE') continue;
    model.tables.delete(key);
    for (const [name, index] of model.indexes) if (index.table === key) model.indexes.delete(name);
  }
}

function domain(model: SchemaModel, type: string, node: ParseNode): void {
  if (type === 'CreateDomainStmt') {
    const key = keyOfNames(namesOf(node['domainname']));
    const isConstrained = nodesOf(node['constraints']).some((item) => {
      const kind = isNode(item['Constraint']) ? item['Constraint']['contype'] : undefined;
      return kind === 'CONSTR_CHECK' || kind === 'CONSTR_NOTNULL';
    });
    model.domains.set(key, { base: columnTypeOf(node['typeName']), isConstrained });
    return;
  }
  const known = model.domains.get(keyOfNames(namesOf(node['typeName'])));
  // Subtypes C and O: a check is added, not null is set. A dropped one may leave another behind.
  if (known !== undefined && (node['subtype'] === 'C' || node['subtype'] === 'O')) known.isConstrained = true;
}
