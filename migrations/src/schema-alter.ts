import { columnTypeOf, isAutoIncrementing } from './column-types.ts';
import { isNode, namesOf } from './nodes.ts';
import type { ParseNode } from './parser.ts';
import { columnsRead, keyBeside, provenBy } from './schema-model.ts';
import type { Constraint, SchemaModel, Table } from './schema-model.ts';

export function emptyTable(): Table {
  return { columns: new Map(), constraints: new Map(), policies: 0, isPartitioned: false };
}

/** The nodes of a list. */
export function nodesOf(list: unknown): ParseNode[] {
  return Array.isArray(list) ? list.filter(isNode) : [];
}

/** A constraint and its name; an unnamed one gets a name that nobody can write. */
export function constraintOf(table: Table, node: ParseNode): { name: string; constraint: Constraint } {
  const name = typeof node['conname'] === 'string' ? node['conname'] : `\0${table.constraints.size}`;
  const isCheck = node['contype'] === 'CONSTR_CHECK';
  const isNotNull = node['contype'] === 'CONSTR_NOTNULL';
  return {
    name,
    constraint: {
      kind: isCheck ? 'check' : isNotNull ? 'not-null' : 'other',
      isValidated: node['skip_validation'] !== true && node['is_enforced'] !== false,
      provenColumns: isCheck ? provenBy(node['raw_expr']) : isNotNull ? namesOf(node['keys']) : [],
      columns: isCheck ? columnsRead(node['raw_expr']) : [],
    },
  };
}

/** Columns of a primary key are required from then on. */
export function primaryKeyRequires(table: Table, node: ParseNode, columns: readonly string[] = namesOf(node['keys'])): void {
  if (node['contype'] !== 'CONSTR_PRIMARY') return;
  for (const name of columns) {
    const column = table.columns.get(name);
    if (column !== undefined) column.isRequired = true;
  }
}

export function applyAlterations(model: SchemaModel, key: string, commands: readonly ParseNode[], isCertain: boolean): void {
  const table = model.tables.get(key);
  if (table === undefined) return;
  for (const command of commands) applyCommand(model, { key, table }, command, isCertain);
}

function applyCommand(model: SchemaModel, { key, table }: { key: string; table: Table }, command: ParseNode, isCertain: boolean): void {
  const name = String(command['name']);
  const column = table.columns.get(name);
  const definition = isNode(command['def']) ? command['def'] : {};
  switch (command['subtype']) {
    case 'AT_AddColumn':
      if (isNode(definition['ColumnDef'])) addColumn(table, definition['ColumnDef'], command['missing_ok'] === true || !isCertain);
      return;
    case 'AT_DropColumn':
      table.columns.delete(name);
      return;
    case 'AT_AlterColumnType':
      if (column !== undefined && isNode(definition['ColumnDef'])) {
        column.type = isCertain ? columnTypeOf(definition['ColumnDef']['typeName']) : null;
      }
      return;
    case 'AT_SetNotNull':
      if (column !== undefined && isCertain) column.isRequired = true;
      return;
    case 'AT_DropNotNull':
      if (column !== undefined) column.isRequired = false;
      for (const [own, constraint] of table.constraints) {
        if (constraint.kind === 'not-null' && constraint.provenColumns.includes(name)) table.constraints.delete(own);
      }
      return;
    case 'AT_AddConstraint':
      if (isNode(definition['Constraint'])) addConstraint(model, { key, table }, definition['Constraint'], isCertain);
      return;
    case 'AT_ValidateConstraint':
      validate(table, name, isCertain);
      return;
    case 'AT_DropConstraint':
      releaseColumns(table, key, name);
      table.constraints.delete(name);
      model.indexes.delete(keyBeside(key, name));
      return;
    default:
  }
}

function addColumn(table: Table, definition: ParseNode, isUncertain: boolean): void {
  const name = String(definition['colname']);
  // With `if not exists` an older column of another type may stand there.
  if (isUncertain && table.columns.has(name)) return;
  const kinds = nodesOf(definition['constraints']).map((item) => (isNode(item['Constraint']) ? item['Constraint']['contype'] : undefined));
  const isRequired =
    isAutoIncrementing(definition['typeName']) || kinds.some((kind) => kind === 'CONSTR_NOTNULL' || kind === 'CONSTR_PRIMARY');
  table.columns.set(name, { type: isUncertain ? null : columnTypeOf(definition['typeName']), isRequired: !isUncertain && isRequired });
}

function addConstraint(model: SchemaModel, { key, table }: { key: string; table: Table }, node: ParseNode, isCertain: boolean): void {
  const { name, constraint } = constraintOf(table, node);
  if (!isCertain && table.constraints.has(name)) return;
  const isValidated = constraint.isValidated && isCertain;
  table.constraints.set(name, { ...constraint, isValidated });
  const index = typeof node['indexname'] === 'string' ? model.indexes.get(keyBeside(key, node['indexname'])) : undefined;
  const columns = (index?.columns ?? namesOf(node['keys'])).filter((column) => column !== null);
  if (isCertain) primaryKeyRequires(table, node, columns);
  if (columns.length > 0 && constraint.kind === 'other') model.indexes.set(keyBeside(key, name), { table: key, columns });
  if (isValidated && constraint.kind === 'not-null') requireColumns(table, constraint);
}

function validate(table: Table, name: string, isCertain: boolean): void {
  const constraint = table.constraints.get(name);
  if (constraint === undefined || !isCertain) return;
  constraint.isValidated = true;
  if (constraint.kind === 'not-null') requireColumns(table, constraint);
}

function requireColumns(table: Table, constraint: Constraint): void {
  for (const name of constraint.provenColumns) {
    const column = table.columns.get(name);
    if (column !== undefined) column.isRequired = true;
  }
}

/** Without its not null constraint (PostgreSQL 18 names them) a column may hold nulls again. */
function releaseColumns(table: Table, key: string, name: string): void {
  const constraint = table.constraints.get(name);
  const tableName = key.split('\0').at(-1) ?? '';
  for (const [columnName, column] of table.columns) {
    const isNamed = constraint?.kind === 'not-null' && constraint.provenColumns.includes(columnName);
    if (isNamed || name === `${tableName}_${columnName}_not_null`) column.isRequired = false;
  }
}
