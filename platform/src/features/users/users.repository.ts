/** Reads and writes people. */
import type { Executor } from '../../db/database.ts';
import { toMe } from './me.ts';
import { readMe, readProfile, updateMe } from './users.queries.ts';
import type { Me, UpdateMe } from './users.schema.ts';

export async function findMe(executor: Executor, userId: string): Promise<Me | undefined> {
  const row = await executor.maybeOne(readMe, { userId });
  return row === undefined ? undefined : toMe(row);
}

export async function changeMe(executor: Executor, userId: string, change: UpdateMe): Promise<Me | undefined> {
  const row = await executor.maybeOne(updateMe, { userId, displayName: change.displayName ?? null, bio: change.bio ?? null });
  return row === undefined ? undefined : toMe(row);
}

/** The profile as JSON text, built by the database. */
export async function findProfile(executor: Executor, username: string): Promise<string | undefined> {
  return (await executor.maybeOne(readProfile, { username }))?.profile;
}
