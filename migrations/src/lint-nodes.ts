import { isAutoIncrementing } from './column-types.ts';
import { createdTablesOf } from './lock-modes.ts';
import { isNode, namesOf, plainName, quoted, relationName } from './nodes.ts';
import type { ParsedStatement, ParseNode } from './parser.ts';
import { isConcurrentReindex } from './statement-options.ts';

const nestedTypes = new Set(['DeleteStmt', 'UpdateStmt', 'TruncateStmt']);
const nodesMax = 200_000;

/** Data-changing statements inside another one: `with gone as (delete from …)`, or a `begin atomic` body. */
export function nestedStatements({ node }: ParsedStatement): ParsedStatement[] {
  const found: ParsedStatement[] = [];
  const stack: unknown[] = Object.values(node);
  for (let seen = 0; stack.length > 0 && seen < nodesMax; seen += 1) {
    const value = stack.pop();
    if (Array.isArray(value)) stack.push(...(value as unknown[]));
    if (!isNode(value)) continue;
    for (const [key, child] of Object.entries(value)) {
      if (nestedTypes.has(key) && isNode(child)) found.push({ type: key, node: child });
      stack.push(child);
    }
  }
  return found;
}

export function outsideTransaction({ type, node }: ParsedStatement): string | null {
  if (type === 'IndexStmt' && node['concurrent'] === true) return 'create index concurrently';
  if (type === 'DropStmt' && node['concurrent'] === true) return 'drop index concurrently';
  if (isConcurrentReindex({ type, node })) return 'reindex concurrently';
  if (type === 'VacuumStmt' && node['is_vacuumcmd'] === true) return 'vacuum';
  if (type === 'AlterTableStmt' && JSON.stringify(node).includes('"concurrent":true')) return 'detach partition concurrently';
  const names: Readonly<Record<string, string>> = {
    AlterSystemStmt: 'alter system',
    CreatedbStmt: 'create database',
    DropdbStmt: 'drop database',
    CreateTableSpaceStmt: 'create tablespace',
    DropTableSpaceStmt: 'drop tablespace',
  };
  return names[type] ?? null;
}

export function alterCommands({ type, node }: ParsedStatement): ParseNode[] {
  if (type !== 'AlterTableStmt' || !Array.isArray(node['cmds'])) return [];
  return node['cmds'].flatMap((item: unknown) => (isNode(item) && isNode(item['AlterTableCmd']) ? [item['AlterTableCmd']] : []));
}

export function constraintType(command: ParseNode): unknown {
  const constraint = isNode(command['def']) ? command['def']['Constraint'] : undefined;
  return isNode(constraint) ? constraint['contype'] : undefined;
}

export function existingRelation({ node }: ParsedStatement, created: ReadonlySet<string>): string | null {
  if (!isNode(node['relation'])) return null;
  const name = relationName(node['relation']);
  return created.has(plainName(name)) ? null : name;
}

export function tableOf(node: ParseNode): string {
  return isNode(node['relation']) ? relationName(node['relation']) : 'the table';
}

export function columnsOf(parsed: ParsedStatement): ParseNode[] {
  const elements = parsed.type === 'CreateStmt' && Array.isArray(parsed.node['tableElts']) ? parsed.node['tableElts'] : [];
  const added = alterCommands(parsed).flatMap((command) => (command['subtype'] === 'AT_AddColumn' ? [command['def']] : []));
  return [...elements, ...added].flatMap((item: unknown) => (isNode(item) && isNode(item['ColumnDef']) ? [item['ColumnDef']] : []));
}

export function typeOf(column: ParseNode): string {
  return isNode(column['typeName']) ? (namesOf(column['typeName']['names']).at(-1) ?? '') : '';
}

/** 32 bits or less, alone or as the elements of an array. */
export function isSmallInteger(column: ParseNode): boolean {
  return ['int4', 'int2', 'serial', 'serial4', 'smallserial', 'serial2'].includes(typeOf(column));
}

/** Judged by what the column is declared as, else by its name: `id`, `user_id`, `userId`, and for arrays `user_ids`. */
export function isKey(column: ParseNode): boolean {
  const name = String(column['colname']);
  const constraints = JSON.stringify(column['constraints'] ?? []);
  const isArray = isNode(column['typeName']) && Array.isArray(column['typeName']['arrayBounds']);
  const isNamedSo = isArray ? /(^|_)ids?$|[a-z]Ids?$/.test(name) : /(^|_)id$|[a-z]Id$|^Id$/.test(name);
  return isNamedSo || isAutoIncrementing(column['typeName']) || /CONSTR_(PRIMARY|IDENTITY|FOREIGN)/.test(constraints);
}

/** Constraints of a column definition. */
export function columnConstraints(column: ParseNode): ParseNode[] {
  const list = Array.isArray(column['constraints']) ? column['constraints'] : [];
  return list.flatMap((item: unknown) => (isNode(item) && isNode(item['Constraint']) ? [item['Constraint']] : []));
}

/** Columns that a statement's own primary and foreign keys name. */
export function keyColumnsOf(parsed: ParsedStatement): string[] {
  const elements = parsed.type === 'CreateStmt' && Array.isArray(parsed.node['tableElts']) ? parsed.node['tableElts'] : [];
  return elements.flatMap((item: unknown) => {
    const constraint = isNode(item) && isNode(item['Constraint']) ? item['Constraint'] : {};
    if (constraint['contype'] === 'CONSTR_PRIMARY') return namesOf(constraint['keys']);
    return constraint['contype'] === 'CONSTR_FOREIGN' ? namesOf(constraint['fk_attrs']) : [];
  });
}

/** Plain names of the tables that a statement creates; a new table that is renamed stays new. */
export function createdNames(parsed: ParsedStatement, created: ReadonlySet<string>): string[] {
  const names = createdTablesOf(parsed).map(plainName);
  const { type, node } = parsed;
  if (type !== 'RenameStmt' || node['renameType'] !== 'OBJECT_TABLE' || !isNode(node['relation'])) return names;
  if (!created.has(plainName(relationName(node['relation'])))) return names;
  const schema = node['relation']['schemaname'];
  return [plainName(quoted(typeof schema === 'string' ? [schema, String(node['newname'])] : [String(node['newname'])]))];
}

/** Every text constant in a tree. */
export function constantsIn(root: unknown): string[] {
  const found: string[] = [];
  const stack: unknown[] = [root];
  for (let seen = 0; stack.length > 0 && seen < nodesMax; seen += 1) {
    const value = stack.pop();
    if (Array.isArray(value)) stack.push(...(value as unknown[]));
    if (!isNode(value)) continue;
    const constant = isNode(value['A_Const']) ? value['A_Const']['sval'] : undefined;
    if (isNode(constant) && typeof constant['sval'] === 'string') found.push(constant['sval']);
    stack.push(...Object.values(value));
  }
  return found;
}

/** Names of the functions that a statement calls, without their schemas. */
export function calledFunctions({ type, node }: ParsedStatement): string[] {
  const found: string[] = [];
  const stack: unknown[] = [{ [type]: node }];
  for (let seen = 0; stack.length > 0 && seen < nodesMax; seen += 1) {
    const value = stack.pop();
    if (Array.isArray(value)) stack.push(...(value as unknown[]));
    if (!isNode(value)) continue;
    const name = namesOf(value['funcname']).at(-1);
    if (name !== undefined) found.push(name);
    stack.push(...Object.values(value));
  }
  return found;
}
