/** What one person keeps in a conversation, and what others see of it: receipts, if both show theirs, and typing. Mutes are nobody else's. */
import type { Reader } from '../../api/reader.ts';
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Streams } from '../../streams/streams.ts';
import type { Receipt } from './conversations.schema.ts';
import * as marks from './marks.repository.ts';

export interface Marks {
  /** Forward only; answers with how far the reader has read. Throws `conversation.not_found`. */
  moveReceipt(reader: Reader, id: string, position: number): Promise<Receipt>;
  /** Safe to repeat. Throws `conversation.not_found`. */
  setMuted(reader: Reader, id: string, muted: boolean): Promise<void>;
  /** Tells who listens now, and nobody later. Throws `conversation.not_found`. */
  announceTyping(reader: Reader, id: string): Promise<void>;
}

export interface MarksDependencies {
  readonly db: Database;
  readonly streams: Pick<Streams, 'publish' | 'announce'>;
}

export function createMarks({ db, streams }: MarksDependencies): Marks {
  return {
    async moveReceipt({ userId }, id, position) {
      const receipt = await marks.moveReceipt(db, id, userId, position);
      if (receipt === undefined) throw new AppError('conversation.not_found');
      const { readPosition, moved, event } = receipt;
      if (event !== undefined) streams.publish({ kind: 'conversation', id }, event);
      // The person's other devices count unread messages too, whether others see the receipt or not.
      if (moved) streams.announce({ kind: 'user', id: userId }, { type: 'receipt.moved', data: { conversationId: id, readPosition } });
      return { readPosition };
    },

    async setMuted({ userId }, id, muted) {
      if (!(await marks.setMuted(db, id, userId, muted))) throw new AppError('conversation.not_found');
    },

    async announceTyping({ userId }, id) {
      const person = await marks.findTypist(db, id, userId);
      if (person === undefined) throw new AppError('conversation.not_found');
      streams.announce({ kind: 'conversation', id }, { type: 'typing.started', data: { person }, actorId: userId });
    },
  };
}
