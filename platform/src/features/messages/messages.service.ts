/**
 * The rules of messages. Who is in a conversation reads and writes there; authors edit for a day and delete; owner and moderators
 * of a sanctum delete in its conversation and are not slowed down. Every change is an event in the stream of the conversation, written
 * in the statement of the change.
 */
import type { Reader } from '../../api/reader.ts';
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Streams } from '../../streams/streams.ts';
import * as messages from './messages.repository.ts';
import type { MessageKey } from './messages.repository.ts';
import type { Emoji, SearchQuery, SendMessage, WindowQuery } from './messages.schema.ts';

export interface Messages {
  /** The message as JSON text; a repetition of its client id gets the first. Throws `conversation.not_found`, `conversation.not_welcome`, `conversation.slow_mode`, `message.not_found` for what it replies to. */
  send(reader: Reader, conversationId: string, message: SendMessage): Promise<string>;
  /** A stretch as JSON text. Throws `conversation.not_found`. */
  window(reader: Reader, conversationId: string, query: WindowQuery): Promise<string>;
  /** One message as JSON text. Throws `message.not_found`. */
  get(key: MessageKey): Promise<string>;
  /** Those that hold the text, as JSON text. Throws `conversation.not_found`. */
  search(reader: Reader, conversationId: string, query: SearchQuery): Promise<string>;
  /** The changed message as JSON text. Throws `message.not_found`, `access.denied`, `message.too_old`. */
  edit(key: MessageKey, body: string): Promise<string>;
  /** Throws `message.not_found`, `access.denied`. */
  remove(key: MessageKey): Promise<void>;
  /** The message as JSON text. Safe to repeat. Throws `message.not_found`. */
  setReaction(key: MessageKey, emoji: Emoji, given: boolean): Promise<string>;
}

export interface MessagesDependencies {
  readonly db: Database;
  readonly streams: Pick<Streams, 'publish'>;
}

export function createMessages({ db, streams }: MessagesDependencies): Messages {
  async function get(key: MessageKey): Promise<string> {
    const found = await messages.find(db, key);
    if (found === undefined) throw new AppError('message.not_found');
    return found;
  }

  return {
    get,

    async send({ userId }, conversationId, message) {
      const sent = await messages.send(db, conversationId, userId, message);
      if (sent === undefined) return refuse(db, conversationId, userId, message);
      if (sent.event !== undefined) streams.publish({ kind: 'conversation', id: conversationId }, sent.event);
      return sent.message;
    },

    async window({ userId }, conversationId, query) {
      const text = await messages.findWindow(db, conversationId, userId, stretchOf(query));
      if (text === undefined) throw new AppError('conversation.not_found');
      return text;
    },

    async search({ userId }, conversationId, { q, before, limit }) {
      const text = await messages.search(db, conversationId, userId, { text: q.trim(), before, limit });
      if (text === undefined) throw new AppError('conversation.not_found');
      return text;
    },

    async edit(key, body) {
      const event = await messages.edit(db, key, body);
      if (event === undefined) throw await obstacleOf(db, key, 'message.too_old');
      streams.publish({ kind: 'conversation', id: key.conversationId }, event);
      return get(key);
    },

    async remove(key) {
      const event = await messages.remove(db, key);
      if (event === undefined) throw await obstacleOf(db, key, 'message.not_found');
      streams.publish({ kind: 'conversation', id: key.conversationId }, event);
    },

    async setReaction(key, emoji, given) {
      const event = await messages.setReaction(db, key, emoji, given);
      if (event !== undefined) streams.publish({ kind: 'conversation', id: key.conversationId }, event);
      return get(key);
    },
  };
}

/** Throws why it could not be sent. */
async function refuse(db: Database, conversationId: string, userId: string, message: SendMessage): Promise<never> {
  const obstacle = await messages.findObstacle(db, conversationId, userId, message);
  if (obstacle === undefined) throw new AppError('conversation.not_found');
  if (!obstacle.welcome) throw new AppError('conversation.not_welcome');
  if (!obstacle.replyFound) throw new AppError('message.not_found');
  if (!obstacle.imageFound) throw new AppError('image.not_found');
  throw new AppError('conversation.slow_mode', { retryAfterSeconds: obstacle.waitSeconds });
}

/** Why a message was not changed: it is not there for the person, it is somebody else's, or else `own`. */
async function obstacleOf(db: Database, key: MessageKey, own: 'message.too_old' | 'message.not_found'): Promise<AppError> {
  const state = await messages.findState(db, key);
  if (state === undefined || state.deleted) return new AppError('message.not_found');
  return new AppError(state.own ? own : 'access.denied');
}

function stretchOf({ before, after, around, limit }: WindowQuery): messages.Stretch {
  if (around !== undefined) {
    const older = Math.floor(limit / 2);
    return { pivot: around, older, newer: limit - older };
  }
  if (after !== undefined) return { pivot: String(BigInt(after) + 1n), older: 0, newer: limit };
  return { pivot: before, older: limit, newer: 0 };
}
