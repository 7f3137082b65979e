import type { ParseNode } from './parser.ts';
import { quoteQualified } from './sql-text.ts';

/** Quoted, possibly qualified name of a RangeVar. */
export function relationName(relation: ParseNode): string {
  return quoted(relationNames(relation));
}

/** Schema, when it is written, and name of a RangeVar. */
export function relationNames(relation: ParseNode): string[] {
  return [relation['schemaname'], relation['relname']].filter((name) => typeof name === 'string');
}

/** The strings of a list of `String` nodes. */
export function namesOf(items: unknown): string[] {
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: unknown) => {
    const text = isNode(item) && isNode(item['String']) ? item['String']['sval'] : undefined;
    return typeof text === 'string' ? [text] : [];
  });
}

export function isNode(value: unknown): value is ParseNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Quotes only where PostgreSQL needs it, so that a printed command reads as a person would type it. */
export function quoted(names: readonly string[]): string {
  return quoteQualified(...names);
}

/** A printed name without `public.`, so that the two ways to write one table compare as equal. */
export function plainName(printed: string): string {
  return printed.startsWith('public.') ? printed.slice('public.'.length) : printed;
}

/** The same for the server alone: `to_regclass` and its kin read no escapes, and nobody has to see the name. */
export function quotedForServer(names: readonly string[]): string {
  return names.map((name) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`)).join('.');
}
