import { setTimeout as wait } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { lockHolder, tryLock, unlock } from './catalogue.queries.ts';
import { MigrationError } from './errors.ts';
import type { Queryable } from './types.ts';

/** The ASCII bytes of "SANCTUM" as one number: every runner of one database meets at this key. */
export const lockKey = '23434227459839309';
export const lockWaitMsDefault = 15_000;
const pollMs = 100;
const pollJitterMs = 100;

export interface LockHolder {
  readonly pid: number;
  readonly isOwn: boolean;
  readonly detail: string;
}

interface HolderRow {
  pid: number;
  is_own: boolean;
  user: string | null;
  application: string | null;
  address: string | null;
  since: Date | null;
}

/** The session that holds the migration lock of this database, or null. */
export async function findLockHolder(database: Queryable): Promise<LockHolder | null> {
  const { rows } = await database.query<HolderRow>(lockHolder, [lockKey]);
  const row = rows[0];
  if (row === undefined) return null;
  const who = [
    `pid ${row.pid}`,
    row.application === null || row.application === '' ? null : `application ${row.application}`,
    row.user === null ? null : `user ${row.user}`,
    row.address === null ? null : `from ${row.address}`,
    row.since === null ? null : `connected since ${row.since.toISOString()}`,
  ];
  return { pid: row.pid, isOwn: row.is_own, detail: who.filter((part) => part !== null).join(', ') };
}

/**
 * Runs work under the migration lock of this database, waiting at most `waitMs` for it.
 * It polls instead of blocking: a session that blocks on an advisory lock holds a snapshot, and a concurrent index
 * build in the session that has the lock would wait for that snapshot for ever.
 * Throws MIGRATIONS_LOCKED naming the holder, or MIGRATIONS_POOLED_CONNECTION behind a transaction pooler.
 */
export async function withMigrationLock<T>(
  client: ClientBase,
  options: { waitMs: number; signal?: AbortSignal; onWait?: (holder: LockHolder | null) => void },
  work: () => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + options.waitMs;
  let told = false;
  while (!(await tryOnce(client))) {
    const holder = await findLockHolder(client);
    if (!told) options.onWait?.(holder);
    told = true;
    if (performance.now() >= deadline || options.signal?.aborted === true) throw locked(options.waitMs, holder);
    await wait(pollMs + Math.random() * pollJitterMs);
  }
  await assertOneSession(client);
  try {
    return await work();
  } finally {
    await release(client);
  }
}

async function tryOnce(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(tryLock, [lockKey]);
  return rows[0]?.locked === true;
}

async function assertOneSession(client: ClientBase): Promise<void> {
  const holder = await findLockHolder(client);
  if (holder?.isOwn === true) return;
  throw new MigrationError(
    'MIGRATIONS_POOLED_CONNECTION',
    'The migration lock was taken by another server session than the one in use: a transaction pooler is in between.',
    { fix: 'give migrations a direct database URL, past the pooler.' },
  );
}

async function release(client: ClientBase): Promise<void> {
  try {
    await client.query(unlock, [lockKey]);
  } catch {
    // A session that is gone has released its lock with itself; the error that ended it is already on its way.
  }
}

function locked(waitMs: number, holder: LockHolder | null): MigrationError {
  const who = holder?.detail ?? 'a session that ended this moment';
  return new MigrationError('MIGRATIONS_LOCKED', `Another migration is running: waited ${waitMs} ms for the lock held by ${who}.`, {
    fix:
      holder === null
        ? 'run the command again.'
        : `let it finish and run the command again; if it hangs: select pg_terminate_backend(${holder.pid});`,
  });
}
