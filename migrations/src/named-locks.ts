import type { LockMode } from './lock-mode.ts';
import { isNode, relationName } from './nodes.ts';

/** Quoted name of a relation and a lock on it. */
export type NamedLock = readonly [relation: string, mode: LockMode];

/** The lock on a RangeVar, wrapped or not; none when there is no relation. */
export function onRelation(relation: unknown, mode: LockMode): NamedLock[] {
  if (!isNode(relation)) return [];
  const own = isNode(relation['RangeVar']) ? relation['RangeVar'] : relation;
  return typeof own['relname'] === 'string' ? [[relationName(own), mode]] : [];
}

export function onRelations(relations: unknown, mode: LockMode): NamedLock[] {
  return Array.isArray(relations) ? relations.flatMap((relation: unknown) => onRelation(relation, mode)) : [];
}
