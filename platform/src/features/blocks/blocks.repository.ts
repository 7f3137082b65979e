/** Reads and writes blocks. */
import { z } from 'zod';
import type { Executor } from '../../db/database.ts';
import * as queries from './blocks.queries.ts';

/** What stands between two people, from the side of one of them. */
export interface BlockState {
  readonly byUser: boolean;
  readonly byOther: boolean;
  readonly since: Date;
}

export async function find(executor: Executor, userId: string, otherId: string): Promise<BlockState | undefined> {
  const row = await executor.maybeOne(queries.readBlock, { userId, otherId });
  return row === undefined ? undefined : { byUser: row.by_user, byOther: row.by_other, since: row.created_at };
}

/** Under the locks of both people. Returns when it began. */
export async function add(tx: Executor, userId: string, otherId: string): Promise<Date> {
  return (await tx.one(queries.addBlock, { userId, otherId })).created_at;
}

/** Under the locks of both people. The other one's own block stays. */
export async function lift(tx: Executor, userId: string, otherId: string): Promise<void> {
  await tx.run(queries.liftBlock, { userId, otherId });
}

/** Counted no further than `countMax`. */
export async function count(executor: Executor, userId: string, countMax: number): Promise<number> {
  return (await executor.one(queries.countBlocks, { userId, countMax })).count;
}

export function findPage(executor: Executor, userId: string, afterUserId: string, limit: number) {
  return executor.run(queries.listBlocks, { userId, afterUserId, limit });
}

const idsShape = z.array(z.string());

/** JSON text of the ids of everyone hidden from the user. */
export async function findHiddenText(executor: Executor, userId: string): Promise<string> {
  return (await executor.one(queries.listHidden, { userId })).ids;
}

export function parseHidden(text: string): ReadonlySet<string> {
  return new Set(idsShape.parse(JSON.parse(text)));
}
