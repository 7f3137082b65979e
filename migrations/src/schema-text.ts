import { quoted } from './nodes.ts';

export interface TableKey {
  schema: string;
  table_name: string;
}
export interface ColumnRow extends TableKey {
  name: string;
  type: string;
  is_not_null: boolean;
  default_expression: string | null;
  identity: string;
  generated: string;
  collation: string | null;
  comment: string | null;
}
export interface ConstraintRow extends TableKey {
  name: string;
  type: string;
  definition: string;
}
export interface IndexRow extends TableKey {
  definition: string;
  is_valid: boolean;
}
export interface TriggerRow extends TableKey {
  definition: string;
  enabled: string;
}
export interface PolicyRow extends TableKey {
  name: string;
  permissive: string;
  roles: string[];
  cmd: string;
  qual: string | null;
  with_check: string | null;
}
export interface TableRow {
  schema: string;
  name: string;
  kind: string;
  persistence: string;
  partition_key: string | null;
  has_row_security: boolean;
  parent: string | null;
  bound: string | null;
  options: string[];
  comment: string | null;
}
export interface EnumRow {
  schema: string;
  name: string;
  labels: string[];
}
export interface DomainRow {
  schema: string;
  name: string;
  base: string;
  is_not_null: boolean;
  default_expression: string | null;
  constraints: string[];
}
export interface SequenceRow {
  schema: string;
  name: string;
  type: string;
  start: string;
  increment: string;
  max: string;
  is_cycle: boolean;
}
export interface ViewRow {
  schema: string;
  name: string;
  kind: string;
  definition: string;
}

export function tableKey(row: TableKey): string {
  return `${row.schema}.${row.table_name}`;
}

export function tableText(table: TableRow, columns: readonly ColumnRow[], constraints: readonly ConstraintRow[]): string {
  const name = quoted([table.schema, table.name]);
  const lines = [...columns.map(columnText), ...constraints.map((row) => `constraint ${quoted([row.name])} ${row.definition}`)];
  const kind = table.persistence === 'u' ? 'unlogged table' : 'table';
  const partition = table.partition_key === null ? '' : ` partition by ${table.partition_key}`;
  const attached = table.parent === null ? '' : `\nalter table ${table.parent} attach partition ${name} ${table.bound ?? ''};`;
  const options = table.options.length === 0 ? '' : ` with (${table.options.toSorted().join(', ')})`;
  const security = table.has_row_security ? `\nalter table ${name} enable row level security;` : '';
  return `create ${kind} ${name} (\n  ${lines.join(',\n  ')}\n)${partition}${options};${attached}${security}`;
}

function columnText(row: ColumnRow): string {
  const identity = row.identity === '' ? '' : ` generated ${row.identity === 'a' ? 'always' : 'by default'} as identity`;
  const value = row.default_expression === null ? '' : row.generated === '' ? ` default ${row.default_expression}` : '';
  const generated =
    row.generated === '' ? '' : ` generated always as (${row.default_expression ?? ''}) ${row.generated === 's' ? 'stored' : 'virtual'}`;
  const collation = row.collation === null ? '' : ` collate ${row.collation}`;
  return `${quoted([row.name])} ${row.type}${collation}${row.is_not_null ? ' not null' : ''}${value}${identity}${generated}`;
}

export function foreignKeys(tables: readonly TableRow[], constraints: ReadonlyMap<string, readonly ConstraintRow[]>): string[] {
  const lines = tables.flatMap((table) =>
    (constraints.get(`${table.schema}.${table.name}`) ?? [])
      .filter((row) => row.type === 'f')
      .map((row) => `alter table ${quoted([row.schema, row.table_name])} add constraint ${quoted([row.name])} ${row.definition};`),
  );
  return lines.length === 0 ? [] : [lines.join('\n')];
}

export function commentTexts(table: TableRow, columns: readonly ColumnRow[]): string[] {
  const name = quoted([table.schema, table.name]);
  const own = table.comment === null ? [] : [`comment on table ${name} is ${literal(table.comment)};`];
  return [
    ...own,
    ...columns.flatMap((row) =>
      row.comment === null ? [] : [`comment on column ${name}.${quoted([row.name])} is ${literal(row.comment)};`],
    ),
  ];
}

export function enumText(row: EnumRow): string {
  return `create type ${quoted([row.schema, row.name])} as enum (${row.labels.map(literal).join(', ')});`;
}

export function domainText(row: DomainRow): string {
  const rest = [
    row.is_not_null ? 'not null' : null,
    row.default_expression === null ? null : `default ${row.default_expression}`,
    ...row.constraints,
  ];
  return `create domain ${quoted([row.schema, row.name])} as ${[row.base, ...rest.filter((part) => part !== null)].join(' ')};`;
}

export function sequenceText(row: SequenceRow): string {
  return `create sequence ${quoted([row.schema, row.name])} as ${row.type} start ${row.start} increment ${row.increment} maxvalue ${row.max}${row.is_cycle ? ' cycle' : ''};`;
}

export function policyText(row: PolicyRow): string {
  const using = row.qual === null ? '' : ` using (${row.qual})`;
  const check = row.with_check === null ? '' : ` with check (${row.with_check})`;
  const head = `create policy ${quoted([row.name])} on ${quoted([row.schema, row.table_name])} as ${row.permissive.toLowerCase()}`;
  return `${head} for ${row.cmd.toLowerCase()} to ${row.roles.toSorted().join(', ')}${using}${check};`;
}

export function viewText(row: ViewRow): string {
  return `create ${row.kind === 'm' ? 'materialized view' : 'view'} ${quoted([row.schema, row.name])} as\n${row.definition.trimEnd()}`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
