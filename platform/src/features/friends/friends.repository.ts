/** Reads and writes who is whose friend, and who asked whom. Changes run under the locks of both people. */
import type { Executor } from '../../db/database.ts';
import type { LockedPerson } from '../users/locked-pair.ts';
import type { FriendshipState } from './friends.schema.ts';
import * as queries from './friends.queries.ts';
import * as lists from './lists.queries.ts';

export interface Request {
  readonly at: Date;
  /** The one who was asked said no. */
  readonly declined: boolean;
  /** The one who asked took it back. */
  readonly cancelled: boolean;
}

/** What two people are to each other, from the side of the reader. */
export interface Pair {
  readonly hidden: boolean;
  readonly friendsSince: Date | undefined;
  readonly sent: Request | undefined;
  readonly received: Request | undefined;
}

export interface Standing {
  readonly state: FriendshipState;
  readonly since: Date | null;
}

/** As the reader is told. Who asked and was declined still waits. */
export function standingOf({ friendsSince, sent, received }: Pair): Standing {
  if (friendsSince !== undefined) return { state: 'friends', since: friendsSince };
  if (sent !== undefined && !sent.cancelled) return { state: 'sent', since: sent.at };
  if (received !== undefined && !received.cancelled && !received.declined) return { state: 'received', since: received.at };
  return { state: 'none', since: null };
}

export async function findPair(executor: Executor, readerId: string, otherId: string): Promise<Pair> {
  return toPair(await executor.one(queries.readPair, { readerId, otherId }));
}

/** Undefined when there is nobody of this name. */
export async function findPairByName(
  executor: Executor,
  readerId: string,
  username: string,
): Promise<(Pair & { readonly person: LockedPerson }) | undefined> {
  const row = await executor.maybeOne(queries.readPairByName, { readerId, username });
  if (row === undefined) return undefined;
  return { ...toPair(row), person: { userId: row.id, username: row.username, displayName: row.display_name } };
}

function toPair(row: queries.PairRow): Pair {
  return {
    hidden: row.hidden,
    friendsSince: row.friends_since ?? undefined,
    sent: row.sent_at === null ? undefined : { at: row.sent_at, declined: row.sent_declined, cancelled: row.sent_cancelled },
    received:
      row.received_at === null ? undefined : { at: row.received_at, declined: row.received_declined, cancelled: row.received_cancelled },
  };
}

/** Counted no further than `countMax`. */
export function findRoom(tx: Executor, readerId: string, otherId: string, countMax: number) {
  return tx.one(queries.readRoom, { readerId, otherId, countMax });
}

/** Asked now, whatever was asked before in either direction. */
export async function ask(tx: Executor, readerId: string, otherId: string): Promise<Date> {
  await tx.run(queries.removeRequest, { fromId: otherId, toId: readerId });
  return (await tx.one(queries.writeRequest, { readerId, otherId })).created_at;
}

/** A declined request that was taken back is on the reader's list again, and on nobody else's. */
export async function resume(tx: Executor, readerId: string, otherId: string): Promise<Date> {
  return (await tx.one(queries.resumeRequest, { readerId, otherId })).created_at;
}

export async function decline(tx: Executor, fromId: string, toId: string): Promise<void> {
  await tx.run(queries.declineRequest, { fromId, toId });
}

export async function cancel(tx: Executor, fromId: string, toId: string): Promise<void> {
  await tx.run(queries.cancelRequest, { fromId, toId });
}

export async function befriend(tx: Executor, readerId: string, otherId: string): Promise<Date> {
  return (await tx.one(queries.befriend, { readerId, otherId })).created_at;
}

/** Ends a friendship and takes back what either asked. True when they were friends. */
export async function part(tx: Executor, readerId: string, otherId: string): Promise<boolean> {
  return (await tx.maybeOne(queries.part, { readerId, otherId })) !== undefined;
}

export type List = 'friends' | 'received' | 'sent';

/** Sorts before everything in the list. */
const firstKeys: Readonly<Record<List, string>> = { friends: '0', received: '9223372036854775807', sent: '9223372036854775807' };

export function findPage(
  executor: Executor,
  list: List,
  readerId: string,
  after: string | undefined,
  limit: number,
): Promise<lists.PageRow> {
  const key = after ?? firstKeys[list];
  if (list === 'friends') return executor.one(lists.listFriends, { readerId, afterId: key, limit });
  return executor.one(list === 'received' ? lists.listReceived : lists.listSent, { readerId, beforeId: key, limit });
}

/** Undefined when there is nobody of this name whom the reader sees. */
export function findMutualPage(executor: Executor, readerId: string, username: string, after: string | undefined, limit: number) {
  return executor.maybeOne(lists.listMutual, { readerId, username, afterId: after ?? firstKeys.friends, limit });
}
