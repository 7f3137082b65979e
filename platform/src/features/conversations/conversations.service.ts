/**
 * Conversations of two people, of groups, and of sanctums.
 *
 * A *direct* one is there once for each pair, whoever opens it; it is there for neither while one blocks the other. A *group* has an
 * owner, who names it, invites to it and removes from it; nobody is put into one. The one of a *sanctum* is made with it, and who is
 * in it is who is a member.
 */
import { z } from 'zod';
import type { Cursors } from '../../api/cursor.ts';
import { composePage } from '../../api/pages.ts';
import type { Reader } from '../../api/reader.ts';
import type { Database } from '../../db/database.ts';
import type { Executor } from '../../db/executor.ts';
import { AppError } from '../../errors.ts';
import type { Streams } from '../../streams/streams.ts';
import * as conversations from './conversations.repository.ts';
import type { UpdateConversation } from './conversations.schema.ts';
import * as members from './members.repository.ts';

export interface Conversations {
  /** JSON text of a page, the last active first. Throws `cursor.*`. */
  listText(reader: Reader, page: { readonly cursor: string | undefined; readonly limit: number }): Promise<string>;
  /** JSON text. Throws `conversation.not_found`. */
  get(reader: Reader, id: string): Promise<string>;
  /** JSON text. Throws `conversation.not_found` also for a sanctum that is not there, or that the reader is no member of. */
  ofSanctum(reader: Reader, name: string): Promise<string>;
  /** The title as owner of a group, slow mode as owner or moderator of a sanctum. Throws `conversation.not_found`, `access.denied`, `conversation.other_kind`. */
  update(reader: Reader, id: string, change: UpdateConversation): Promise<string>;
  /** Who may follow its stream. */
  mayRead(userId: string, id: string): Promise<boolean>;
}

export interface ConversationsDependencies {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly streams: Pick<Streams, 'append'>;
}

const position = z.object({ activeAt: z.string(), id: z.string().regex(/^\d{1,19}$/) });

export function createConversations({ db, cursors, streams }: ConversationsDependencies): Conversations {
  return {
    async listText(reader, { cursor, limit }) {
      const scope = `conversations:${reader.userId}`;
      const after = cursor === undefined ? undefined : cursors.open(scope, cursor, position);
      const rows = await conversations.findPage(db, reader.userId, after, limit + 1);
      return composePage(rows, limit, (last) => cursors.sign(scope, { activeAt: last.active_at, id: last.id }));
    },

    get: (reader, id) => readConversation(db, reader, id),

    async ofSanctum(reader, name) {
      const found = await conversations.findOfSanctum(db, reader.userId, name);
      if (found === undefined) throw new AppError('conversation.not_found');
      return found;
    },

    update: (reader, id, change) =>
      db.transaction(async (tx) => {
        const locked = await conversations.lock(tx, id);
        const role = await members.findRole(tx, id, reader.userId);
        if (locked === undefined || role === undefined) throw new AppError('conversation.not_found');
        if (role !== 'owner' && role !== 'moderator') throw new AppError('access.denied');
        if (change.title !== undefined && locked.kind !== 'group') throw new AppError('conversation.other_kind');
        if (change.slowModeSeconds !== undefined && locked.kind !== 'sanctum') throw new AppError('conversation.other_kind');
        await conversations.update(tx, id, change);
        await streams.append(tx, { kind: 'conversation', id }, { type: 'conversation.changed', data: change, actorId: reader.userId });
        return readConversation(tx, reader, id);
      }),

    mayRead: (userId, id) => conversations.isReadable(db, userId, id),
  };
}

/** JSON text of a conversation that the reader knows of. Throws `conversation.not_found`. */
export async function readConversation(executor: Executor, reader: Reader, id: string): Promise<string> {
  const found = await conversations.find(executor, reader.userId, id);
  if (found === undefined) throw new AppError('conversation.not_found');
  return found;
}
