import { isNode } from './nodes.ts';
import type { ParseNode } from './parser.ts';
import type { ColumnType } from './column-types.ts';

/** What is known of one column; a type that a conditional statement may have changed is null. */
export interface Column {
  type: ColumnType | null;
  isRequired: boolean;
}

export interface Constraint {
  readonly kind: 'check' | 'not-null' | 'other';
  isValidated: boolean;
  /** Columns that a validated constraint proves to hold no null. */
  readonly provenColumns: readonly string[];
  /** Columns that a check reads. */
  readonly columns: readonly string[];
}

export interface Table {
  readonly columns: Map<string, Column>;
  readonly constraints: Map<string, Constraint>;
  policies: number;
  isPartitioned: boolean;
}

export interface Index {
  readonly table: string;
  /** Null for an expression: which columns it reads is not known. */
  readonly columns: readonly (string | null)[];
}

/**
 * What the migrations so far, a schema dump or a database say about tables. Keys are names as `keyOf` writes them. It answers
 * what it knows and never guesses: a table that is not in it is unknown, and a rule that wants to be silent has to know.
 */
export interface SchemaModel {
  readonly tables: Map<string, Table>;
  readonly indexes: Map<string, Index>;
  /** Domains by name; `isConstrained` when a check or not null belongs to it. */
  readonly domains: Map<string, { readonly base: ColumnType | null; isConstrained: boolean }>;
  /** True when the database's sessions run in UTC, where timestamp and timestamptz are the same bytes. */
  readonly isUtc: boolean;
}

export function createModel(options: { isUtc?: boolean } = {}): SchemaModel {
  return { tables: new Map(), indexes: new Map(), domains: new Map(), isUtc: options.isUtc === true };
}

/** A copy that can change without the original: tables, their columns, constraints and indexes. */
export function copyModel(model: SchemaModel): SchemaModel {
  const tables = [...model.tables].map(([key, table]): [string, Table] => [
    key,
    {
      ...table,
      columns: new Map([...table.columns].map(([name, column]) => [name, { ...column }])),
      constraints: new Map([...table.constraints].map(([name, constraint]) => [name, { ...constraint }])),
    },
  ]);
  const domains = [...model.domains].map(([key, domain]) => [key, { ...domain }] as const);
  return { tables: new Map(tables), indexes: new Map(model.indexes), domains: new Map(domains), isUtc: model.isUtc };
}

/** One name for `posts` and `public.posts`; a zero byte cannot stand in a name, so no other name looks the same. */
export function keyOf(relation: unknown): string {
  const own = isNode(relation) && isNode(relation['RangeVar']) ? relation['RangeVar'] : relation;
  if (!isNode(own)) return '';
  return keyOfNames([own['schemaname'], own['relname']].filter((name) => typeof name === 'string'));
}

export function keyOfNames(names: readonly string[]): string {
  const parts = names[0] === 'public' && names.length > 1 ? names.slice(1) : names;
  return parts.join('\0');
}

/** The key of a thing in the same schema as another, under a new name. */
export function keyBeside(key: string, name: string): string {
  return [...key.split('\0').slice(0, -1), name].join('\0');
}

/** Columns that an expression reads, each once. */
export function columnsRead(expression: unknown): string[] {
  const found = new Set<string>();
  const stack: unknown[] = [expression];
  for (let seen = 0; stack.length > 0 && seen < 100_000; seen += 1) {
    const value = stack.pop();
    if (Array.isArray(value)) stack.push(...(value as unknown[]));
    if (!isNode(value)) continue;
    const name = columnName(value);
    if (name !== null) found.add(name);
    stack.push(...Object.values(value));
  }
  return [...found];
}

/** Columns that `a is not null and b is not null` proves; `or` proves nothing. */
export function provenBy(expression: unknown): string[] {
  if (!isNode(expression)) return [];
  const test = expression['NullTest'];
  if (isNode(test)) {
    const name = test['nulltesttype'] === 'IS_NOT_NULL' && isNode(test['arg']) ? columnName(test['arg']) : null;
    return name === null ? [] : [name];
  }
  const both = expression['BoolExpr'];
  if (!isNode(both) || both['boolop'] !== 'AND_EXPR' || !Array.isArray(both['args'])) return [];
  return both['args'].flatMap(provenBy);
}

function columnName(node: ParseNode): string | null {
  const reference = node['ColumnRef'];
  const fields = isNode(reference) && Array.isArray(reference['fields']) ? reference['fields'] : [];
  const last: unknown = fields.at(-1);
  const text = isNode(last) && isNode(last['String']) ? last['String']['sval'] : undefined;
  return typeof text === 'string' ? text : null;
}
