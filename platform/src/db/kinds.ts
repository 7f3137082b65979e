/**
 * What kind of work a query is, and which share of the pool that kind may hold. A kind that is slow fills its own share
 * and leaves the others theirs. `operations` is no share of the pool: it has a small pool of its own, so that
 * readiness and revocation never queue behind readers.
 */

/** Kinds that share the pool. */
export const pooledKinds = ['read', 'search', 'write', 'auth', 'background'] as const;
export type PooledKind = (typeof pooledKinds)[number];
export type QueryKind = PooledKind | 'operations';

export interface Share {
  /** Part of the pool that is kept for this kind; rounded down, so that from ten connections on every kind is sure of one. */
  readonly kept: number;
  /** Part of the pool that it may hold while nobody else needs it. */
  readonly most: number;
  /** Part of the waiters that may be of this kind. All parts together are one: only when every kind is full is everything full. */
  readonly waiters: number;
}

export const shares: Readonly<Record<PooledKind, Share>> = {
  read: { kept: 0.3, most: 0.7, waiters: 0.4 },
  search: { kept: 0.1, most: 0.2, waiters: 0.1 },
  write: { kept: 0.2, most: 0.5, waiters: 0.25 },
  auth: { kept: 0.1, most: 0.4, waiters: 0.2 },
  background: { kept: 0.1, most: 0.2, waiters: 0.05 },
};

const everything: Share = { kept: 0, most: 1, waiters: 1 };
/** No bulkheads: any kind may hold the whole pool. What a drill measures them against. */
export const openShares: Readonly<Record<PooledKind, Share>> = {
  read: everything,
  search: everything,
  write: everything,
  auth: everything,
  background: everything,
};

/** Features whose every query is of one kind, whether it reads or writes. */
const kindsOfFeatures: Readonly<Record<string, QueryKind>> = {
  search: 'search',
  sessions: 'auth',
  accounts: 'auth',
  jobs: 'background',
  health: 'operations',
  database: 'operations',
};

/** The kind of a query that declares none: its feature's, else whether it reads or writes. */
export function kindOf({ name, access }: { readonly name: string; readonly access: 'read' | 'write' }): QueryKind {
  return kindsOfFeatures[name.slice(0, name.indexOf('.'))] ?? access;
}
