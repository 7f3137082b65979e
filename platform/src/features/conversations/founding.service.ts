/** How conversations of two people and of groups begin. */
import type { Reader } from '../../api/reader.ts';
import type { Database } from '../../db/database.ts';
import type { Executor } from '../../db/executor.ts';
import { AppError } from '../../errors.ts';
import type { Streams } from '../../streams/streams.ts';
import * as conversations from './conversations.repository.ts';
import { conversationsMax, type CreateGroup } from './conversations.schema.ts';
import { readConversation } from './conversations.service.ts';
import { inviteAll } from './members.service.ts';
import * as members from './members.repository.ts';

export interface Founding {
  /** JSON text; the same one however often and from whichever side. Throws `user.not_found`, `conversation.with_yourself`, `conversation.not_welcome`, `conversation.too_many`. */
  openDirect(reader: Reader, username: string): Promise<string>;
  /** JSON text. Throws `user.not_found`, `conversation.not_welcome`, `conversation.too_many`. */
  createGroup(tx: Executor, reader: Reader, group: CreateGroup): Promise<string>;
}

export interface FoundingDependencies {
  readonly db: Database;
  readonly streams: Pick<Streams, 'append' | 'appendMany'>;
}

export function createFounding({ db, streams }: FoundingDependencies): Founding {
  /** The id of the new conversation; undefined when it was there already. */
  async function openNew(tx: Executor, reader: Reader, otherId: string): Promise<string | undefined> {
    await assertHasRoom(tx, reader.userId);
    const id = await conversations.openDirect(tx, reader.userId, otherId);
    if (id === undefined) return undefined;
    const event = { type: 'member.joined', data: { conversationId: id }, actorId: reader.userId };
    await streams.appendMany(
      tx,
      [reader.userId, otherId].map((userId) => ({ stream: { kind: 'user', id: userId }, event })),
    );
    return id;
  }

  return {
    openDirect: (reader, username) =>
      db.transaction(async (tx) => {
        const [other] = await conversations.findAddressees(tx, reader.userId, [username]);
        if (other === undefined) throw new AppError('user.not_found');
        if (other.userId === reader.userId) throw new AppError('conversation.with_yourself');
        const earlier = await conversations.findDirect(tx, reader.userId, other.userId);
        if (earlier !== undefined) return readConversation(tx, reader, earlier);
        if (!other.welcome) throw new AppError('conversation.not_welcome');
        const opened = (await openNew(tx, reader, other.userId)) ?? (await conversations.findDirect(tx, reader.userId, other.userId));
        if (opened === undefined) throw new AppError('conversation.not_found');
        return readConversation(tx, reader, opened);
      }),

    async createGroup(tx, reader, { title, usernames }) {
      await assertHasRoom(tx, reader.userId);
      const id = await conversations.foundGroup(tx, reader.userId, title);
      await streams.append(
        tx,
        { kind: 'user', id: reader.userId },
        { type: 'member.joined', data: { conversationId: id }, actorId: reader.userId },
      );
      if (usernames.length > 0) await inviteAll(tx, streams, reader, id, usernames);
      return readConversation(tx, reader, id);
    },
  };
}

/** Throws `conversation.too_many`. */
async function assertHasRoom(tx: Executor, userId: string): Promise<void> {
  if ((await members.countOwn(tx, userId, conversationsMax)) >= conversationsMax) throw new AppError('conversation.too_many');
}
