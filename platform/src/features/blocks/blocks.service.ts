/**
 * Two people who do not see each other. Either of them asks for it and only that one lifts it; it hides both ways. It ends their
 * friendship and what they asked of each other, and removes nothing else: lifted, everything is seen again, and they are strangers.
 *
 * Whoever is blocked is not told. To them the other person is not there, so they cannot block that person either: an answer
 * would tell that there is somebody. Moderators see what stands in their sanctums and administrators everything, whoever blocks them.
 */
import { z } from 'zod';
import type { Cursors } from '../../api/cursor.ts';
import { composePage } from '../../api/pages.ts';
import type { Reader } from '../../api/reader.ts';
import type { Database, Executor } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Announcements } from '../../events/events.ts';
import { endFriendship } from '../friends/parting.ts';
import type { TellAccount } from '../users/account-events.ts';
import { type LockedPerson, lockPair, nobodyId } from '../users/locked-pair.ts';
import * as blocks from './blocks.repository.ts';
import { type Block, blocksMax } from './blocks.schema.ts';

/** Who is hidden from whom, as JSON text by user id. */
export interface HiddenCache {
  read(userId: string, load: () => Promise<string>): Promise<string>;
  drop(userId: string): Promise<void>;
}

export interface BlocksDependencies {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly hidden: HiddenCache;
  readonly events: Announcements;
  readonly tellAccount: TellAccount;
}

export interface Blocks {
  /** Safe to repeat. Throws `user.not_found`, `block.yourself`, `block.too_many`. */
  block(reader: Reader, username: string): Promise<Block>;
  /** Safe to repeat. Throws `user.not_found`, `block.yourself`. */
  unblock(reader: Reader, username: string): Promise<void>;
  /** JSON text of a page. Throws `cursor.*`. */
  listText(reader: Reader, page: { readonly cursor: string | undefined; readonly limit: number }): Promise<string>;
  /** Who is hidden from them has changed. Never throws. */
  forget(userIds: readonly string[]): Promise<void>;
  /** Ids of everyone whom the user does not see and who does not see the user. A change is known at once in this process and, through the store, in the others. */
  hiddenFrom(userId: string): Promise<ReadonlySet<string>>;
}

const position = z.object({ id: z.string().regex(/^\d{1,19}$/) });
const firstId = '0';

export function createBlocks({ db, cursors, hidden, events, tellAccount }: BlocksDependencies): Blocks {
  /** Says that whom to hide has changed, and to the one who did not ask for it nothing more. */
  async function tellBoth(tx: Executor, own: LockedPerson, other: LockedPerson): Promise<void> {
    await tellAccount(tx, own.userId, { type: 'block.changed', data: {}, actorId: own.userId });
    await tellAccount(tx, other.userId, { type: 'block.changed', data: {} });
    events.announce(tx, 'blocksChanged', { userIds: [own.userId, other.userId] });
  }

  return {
    block: (reader, username) =>
      db.transaction(async (tx) => {
        const { own, other, state } = await lockWithBlock(tx, reader, username);
        const toBlock = (since: Date): Block => ({
          username: other.username,
          displayName: other.displayName,
          createdAt: since.toISOString(),
        });
        if (state !== undefined) return toBlock(state.since);
        if ((await blocks.count(tx, own.userId, blocksMax)) >= blocksMax) throw new AppError('block.too_many');
        await endFriendship(tx, own.userId, other.userId);
        const since = await blocks.add(tx, own.userId, other.userId);
        await tellBoth(tx, own, other);
        return toBlock(since);
      }),

    unblock: (reader, username) =>
      db.transaction(async (tx) => {
        const { own, other, state } = await lockWithBlock(tx, reader, username);
        if (state === undefined) return;
        await blocks.lift(tx, own.userId, other.userId);
        await tellBoth(tx, own, other);
      }),

    async listText(reader, { cursor, limit }) {
      const scope = `blocks:${reader.userId}`;
      const after = cursor === undefined ? firstId : cursors.open(scope, cursor, position).id;
      const rows = await blocks.findPage(db, reader.userId, after, limit + 1);
      return composePage(rows, limit, (last) => cursors.sign(scope, { id: last.id }));
    },

    forget: async (userIds) => {
      // Bounded: the two people of a block.
      await Promise.all(userIds.map((userId) => hidden.drop(userId)));
    },

    hiddenFrom: async (userId) => blocks.parseHidden(await hidden.read(userId, () => blocks.findHiddenText(db, userId))),
  };
}

/** Both people under lock, and the reader's own block. Whom the other side alone has blocked is told that there is nobody. */
async function lockWithBlock(tx: Executor, reader: Reader, username: string) {
  const { reader: own, other } = await lockPair(tx, reader.userId, username);
  if (other === 'reader') throw new AppError('block.yourself');
  // Asked also about nobody: who is hidden costs what costs who is not there.
  const state = await blocks.find(tx, own.userId, other?.userId ?? nobodyId);
  if (other === undefined || (state !== undefined && !state.byUser)) throw new AppError('user.not_found');
  return { own, other, state };
}
