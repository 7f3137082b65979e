import { isNode, namesOf, relationName } from './nodes.ts';
import type { ParsedStatement, ParseNode } from './parser.ts';

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
  if (type === 'ReindexStmt' && JSON.stringify(node['params'] ?? []).includes('concurrently')) return 'reindex concurrently';
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
  return created.has(name) ? null : name;
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

export function isSmallInteger(column: ParseNode): boolean {
  return ['int4', 'int2', 'serial', 'serial4', 'smallserial', 'serial2'].includes(typeOf(column));
}

export function isKey(column: ParseNode): boolean {
  const name = String(column['colname']);
  const constraints = JSON.stringify(column['constraints'] ?? []);
  return /(^|_)id$/.test(name) || typeOf(column).includes('serial') || /CONSTR_(PRIMARY|IDENTITY|FOREIGN)/.test(constraints);
}
