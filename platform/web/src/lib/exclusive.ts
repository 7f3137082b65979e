import type { Exclusive } from './refresher.ts';

/** One task at a time across all tabs; in a browser without Web Locks, within this tab (its caller's part). */
export function createExclusive(locks: LockManager | null | undefined, name: string): Exclusive {
  if (locks === null || locks === undefined) return (task) => task();
  return async (task) => await locks.request(name, task);
}
