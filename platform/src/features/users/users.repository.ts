/** Reads and writes people. */
import type { Executor } from '../../db/database.ts';
import { toMe } from './me.ts';
import * as queries from './users.queries.ts';
import type { Me, UpdateMe } from './users.schema.ts';

export async function findMe(executor: Executor, userId: string): Promise<Me | undefined> {
  const row = await executor.maybeOne(queries.readMe, { userId });
  return row === undefined ? undefined : toMe(row);
}

export async function changeMe(executor: Executor, userId: string, change: UpdateMe): Promise<Me | undefined> {
  const row = await executor.maybeOne(queries.updateMe, { userId, displayName: change.displayName ?? null, bio: change.bio ?? null });
  return row === undefined ? undefined : toMe(row);
}

/** The profile as JSON text, built by the database. */
export async function findProfile(executor: Executor, username: string): Promise<string | undefined> {
  return (await executor.maybeOne(queries.readProfile, { username }))?.profile;
}

/** The same as the reader sees it: nothing when the two do not see each other. */
export async function findProfileFor(executor: Executor, readerId: string, username: string): Promise<string | undefined> {
  return (await executor.maybeOne(queries.readProfileFor, { readerId, username }))?.profile;
}

/** The people of this id and this name, locked in the order of their ids. */
export function lockPair(tx: Executor, readerId: string, username: string) {
  return tx.run(queries.lockPair, { readerId, username });
}
