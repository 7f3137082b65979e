/**
 * Who is whose friend.
 *
 * *None*: one of them asks, if the other one lets them. *Sent* and *received*: the two sides of a request that waits. It is accepted, or the other
 * one asks too, which is the same; declined, which whoever asked is not told: on their side it still waits, and asking again
 * reaches nobody for 30 days; cancelled; or 30 days old. *Friends*: until either of them removes the other. A block ends all of it
 * (blocks.service.ts).
 *
 * Every change locks both people, in the order of their ids: whatever the two do at once happens one after the other, and the
 * limits of each hold however many ask.
 */
import { z } from 'zod';
import type { Cursors } from '../../api/cursor.ts';
import type { Reader } from '../../api/reader.ts';
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { TellAccount } from '../users/account-events.ts';
import { lockPair, nobodyId } from '../users/locked-pair.ts';
import * as friends from './friends.repository.ts';
import type { List, Standing } from './friends.repository.ts';
import type { Friendship } from './friends.schema.ts';
import { befriend, type Scene, sendRequest, strangers, tell, tellBoth, toFriendship } from './scene.ts';

export interface FriendsDependencies {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly tellAccount: TellAccount;
}

interface PageRequest {
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** Everything that changes something is safe to repeat, and throws `user.not_found`, `friend.yourself`. */
export interface Friends {
  /** Throws `friend.not_accepting`, `friend.requests_too_many`, `friend.too_many`. */
  ask(reader: Reader, username: string): Promise<Friendship>;
  cancel(reader: Reader, username: string): Promise<Friendship>;
  /** Throws `friend.request_not_found`, `friend.too_many`. */
  accept(reader: Reader, username: string): Promise<Friendship>;
  decline(reader: Reader, username: string): Promise<Friendship>;
  remove(reader: Reader, username: string): Promise<void>;
  /** What the two are to each other. Throws `user.not_found`, `friend.yourself`. */
  between(reader: Reader, username: string): Promise<Friendship>;
  /** JSON text of a page. Throws `cursor.*`. */
  listText(reader: Reader, list: List, page: PageRequest): Promise<string>;
  /** JSON text of a page of friends whom both have. Throws `user.not_found`, `cursor.*`. */
  mutualText(reader: Reader, username: string, page: PageRequest): Promise<string>;
}

const position = z.object({ key: z.string().regex(/^\d{1,19}$/) });

export function createFriends({ db, cursors, tellAccount }: FriendsDependencies): Friends {
  async function change(reader: Reader, username: string, act: (scene: Scene) => Promise<Standing>): Promise<Friendship> {
    return db.transaction(async (tx) => {
      const { reader: own, other } = await lockPair(tx, reader.userId, username);
      if (other === 'reader') throw new AppError('friend.yourself');
      // Asked also about nobody: who is hidden costs what costs who is not there.
      const pair = await friends.findPair(tx, own.userId, other?.userId ?? nobodyId);
      if (other === undefined || pair.hidden) throw new AppError('user.not_found');
      return toFriendship(other, await act({ ...pair, tx, tellAccount, own, other }));
    });
  }

  async function listText(
    scope: string,
    page: PageRequest,
    find: (after: string | undefined) => Promise<Page | undefined>,
  ): Promise<string> {
    const after = page.cursor === undefined ? undefined : cursors.open(scope, page.cursor, position).key;
    const row = await find(after);
    if (row === undefined) throw new AppError('user.not_found');
    const next = row.has_more && row.last_key !== null ? JSON.stringify(cursors.sign(scope, { key: row.last_key })) : 'null';
    return `{"items":${row.items},"nextCursor":${next},"count":${row.count}}`;
  }

  return {
    ask: (reader, username) => change(reader, username, ask),
    cancel: (reader, username) => change(reader, username, cancel),
    accept: (reader, username) => change(reader, username, accept),
    decline: (reader, username) => change(reader, username, decline),
    remove: async (reader, username) => {
      await change(reader, username, remove);
    },

    async between(reader, username) {
      const found = await friends.findPairByName(db, reader.userId, username);
      if (found === undefined || found.hidden) throw new AppError('user.not_found');
      if (found.person.userId === reader.userId) throw new AppError('friend.yourself');
      return toFriendship(found.person, friends.standingOf(found));
    },

    listText: (reader, list, page) =>
      listText(`${list}:${reader.userId}`, page, (after) => friends.findPage(db, list, reader.userId, after, page.limit)),

    mutualText: (reader, username, page) =>
      listText(`mutual:${username.toLowerCase()}:${reader.userId}`, page, (after) =>
        friends.findMutualPage(db, reader.userId, username, after, page.limit),
      ),
  };
}

async function ask(scene: Scene): Promise<Standing> {
  if (scene.friendsSince !== undefined) return friends.standingOf(scene);
  // Both want it. One that the reader declined before still stands on the other side.
  if (scene.received !== undefined && !scene.received.cancelled) return befriend(scene);
  if (scene.sent !== undefined && !scene.sent.cancelled) return friends.standingOf(scene);
  return sendRequest(scene);
}

async function cancel(scene: Scene): Promise<Standing> {
  const { tx, own, other, sent } = scene;
  if (sent === undefined || sent.cancelled) return friends.standingOf(scene);
  await friends.cancel(tx, own.userId, other.userId);
  await tell(scene, 'own', 'friend.changed', strangers);
  // To who declined it, it was gone already.
  if (!sent.declined) await tell(scene, 'other', 'friend.changed', strangers);
  return strangers;
}

async function accept(scene: Scene): Promise<Standing> {
  if (scene.friendsSince !== undefined) return friends.standingOf(scene);
  if (scene.received === undefined || scene.received.cancelled) throw new AppError('friend.request_not_found');
  return befriend(scene);
}

async function decline(scene: Scene): Promise<Standing> {
  const { tx, own, other, received } = scene;
  if (received === undefined || received.cancelled || received.declined) return friends.standingOf(scene);
  await friends.decline(tx, other.userId, own.userId);
  await tell(scene, 'own', 'friend.changed', strangers);
  return strangers;
}

async function remove(scene: Scene): Promise<Standing> {
  if (scene.friendsSince === undefined) return friends.standingOf(scene);
  await friends.part(scene.tx, scene.own.userId, scene.other.userId);
  return tellBoth(scene, 'friend.changed', strangers, strangers);
}

type Page = Awaited<ReturnType<typeof friends.findPage>>;
