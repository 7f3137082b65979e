import { isNode, namesOf } from './nodes.ts';
import type { ParseNode } from './parser.ts';

export interface ColumnType {
  /** PostgreSQL's own name, without pg_catalog: `int4`, `varchar`, `timestamptz`. */
  readonly name: string;
  /** Length, precision, scale, as written. */
  readonly modifiers: readonly number[];
  readonly isArray: boolean;
}

const aliases: Readonly<Record<string, string>> = {
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
  smallserial: 'int2',
  serial2: 'int2',
};
const autoIncrementing = new Set(Object.keys(aliases));
const timePrecisionMax = 6;
const intervalAllFields = 32_767;

/** The type of a `TypeName` node; null when its modifiers are not plain numbers. */
export function columnTypeOf(typeName: unknown): ColumnType | null {
  if (!isNode(typeName)) return null;
  const names = namesOf(typeName['names']);
  const own = names[0] === 'pg_catalog' || names[0] === 'public' ? names.slice(1) : names;
  const written = own.join('.');
  const modifiers: number[] = [];
  for (const item of Array.isArray(typeName['typmods']) ? typeName['typmods'] : []) {
    const value = integerOf(item);
    if (value === null) return null;
    modifiers.push(value);
  }
  const isArray = Array.isArray(typeName['arrayBounds']) && typeName['arrayBounds'].length > 0;
  return { name: aliases[written] ?? written, modifiers, isArray };
}

/** `serial` and its kin: a sequence, a default and not null in one word. */
export function isAutoIncrementing(typeName: unknown): boolean {
  return isNode(typeName) && autoIncrementing.has(namesOf(typeName['names']).at(-1) ?? '');
}

function integerOf(item: unknown): number | null {
  const constant = isNode(item) ? item['A_Const'] : undefined;
  const value = isNode(constant) ? constant['ival'] : undefined;
  if (!isNode(value)) return null;
  // The parser leaves a zero out.
  return typeof value['ival'] === 'number' ? value['ival'] : 0;
}

export interface ChangeContext {
  readonly isUtc: boolean;
  readonly isIndexed: boolean;
}

/**
 * True when PostgreSQL changes the type in the catalogue alone: no row is rewritten and no index built anew. Follows the
 * support functions and binary-coercible casts of PostgreSQL 12 to 18 (ALTER TABLE, notes on rewrites).
 */
export function isFreeChange(from: ColumnType, to: ColumnType, { isUtc, isIndexed }: ChangeContext): boolean {
  if (isSameType(from, to)) return true;
  if (from.isArray || to.isArray) return false;
  const pair = `${from.name} ${to.name}`;
  switch (pair) {
    case 'varchar varchar':
    case 'varbit varbit':
      return isWider(from.modifiers[0], to.modifiers[0]);
    case 'varchar text':
      return true;
    case 'text varchar':
      return to.modifiers.length === 0;
    case 'numeric numeric':
      return isWiderNumeric(from.modifiers, to.modifiers);
    case 'timestamp timestamp':
    case 'timestamptz timestamptz':
    case 'time time':
    case 'timetz timetz':
      return isFiner(from.modifiers[0], to.modifiers[0]);
    case 'interval interval':
      return isFinerInterval(from.modifiers, to.modifiers);
    case 'timestamp timestamptz':
    case 'timestamptz timestamp':
      return isUtc && !isIndexed && isFiner(from.modifiers[0], to.modifiers[0]);
    case 'cidr inet':
      return true;
    case 'text citext':
    case 'citext text':
    case 'varchar citext':
      return !isIndexed;
    case 'citext varchar':
      return !isIndexed && to.modifiers.length === 0;
    default:
      return false;
  }
}

function isSameType(from: ColumnType, to: ColumnType): boolean {
  return from.name === to.name && from.isArray === to.isArray && from.modifiers.join() === to.modifiers.join();
}

function isWider(from: number | undefined, to: number | undefined): boolean {
  return to === undefined || (from !== undefined && to >= from);
}

function isWiderNumeric(from: readonly number[], to: readonly number[]): boolean {
  const [fromPrecision, fromScale = 0] = from;
  const [toPrecision, toScale = 0] = to;
  if (toPrecision === undefined) return true;
  return fromPrecision !== undefined && toPrecision >= fromPrecision && toScale === fromScale;
}

/** Without a precision, time types keep six digits. */
function isFiner(from = timePrecisionMax, to = timePrecisionMax): boolean {
  return Math.min(to, timePrecisionMax) >= Math.min(from, timePrecisionMax);
}

function isFinerInterval(from: readonly number[], to: readonly number[]): boolean {
  const [fromFields = intervalAllFields, fromPrecision] = from;
  const [toFields = intervalAllFields, toPrecision] = to;
  return (toFields === intervalAllFields || toFields === fromFields) && isFiner(fromPrecision, toPrecision);
}

/** The expression behind `using` when it changes nothing: the column alone, or the column cast to the new type. */
export function isPlainUsing(using: unknown, column: string, to: ColumnType): boolean {
  if (using === undefined) return true;
  if (!isNode(using)) return false;
  const cast = using['TypeCast'];
  if (!isNode(cast)) return isColumn(using, column);
  const target = columnTypeOf(cast['typeName']);
  return target !== null && isSameType(target, to) && isNode(cast['arg']) && isColumn(cast['arg'], column);
}

function isColumn(node: ParseNode, column: string): boolean {
  const reference = node['ColumnRef'];
  const names = isNode(reference) ? namesOf(reference['fields']) : [];
  return names.length > 0 && names.at(-1) === column;
}
