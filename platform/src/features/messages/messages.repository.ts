/** Messages in PostgreSQL. JSON texts are complete answers of the API. */
import type { Database } from '../../db/database.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import { violatedConstraintOf } from '../../db/sqlstate.ts';
import { writtenRow } from '../../streams/optional-event.ts';
import type { EventRow } from '../../streams/streams.fragments.queries.ts';
import { currentTraceparent } from '../../streams/trace-context.ts';
import * as changes from './changes.queries.ts';
import * as queries from './messages.queries.ts';
import type { Emoji, SendMessage } from './messages.schema.ts';
import * as sending from './sending.queries.ts';

/** The author's account may have gone after the access token was given out. */
export const constraintErrors = {
  fk_messages_author: 'auth.required',
  fk_message_reactions_user: 'auth.required',
  fk_message_reactions_message: 'message.not_found',
} as const satisfies ConstraintErrors;

/** Which message of which conversation, and who asks. */
export interface MessageKey {
  readonly conversationId: string;
  readonly messageId: string;
  readonly userId: string;
}

export interface Sent {
  readonly message: string;
  /** Undefined when it had been sent before. */
  readonly event: EventRow | undefined;
}

/** Undefined when it may not be sent. One round trip; two when the same message comes at the same moment. */
export async function send(db: Database, conversationId: string, authorId: string, message: SendMessage): Promise<Sent | undefined> {
  const values = {
    conversation: conversationId,
    author: authorId,
    client_id: message.clientId,
    body: message.body,
    reply_to: message.replyTo ?? null,
    image_id: message.imageId ?? null,
    trace: currentTraceparent(),
  };
  const once = () => onConstraint(constraintErrors, () => db.maybeOne(sending.sendMessage, values));
  // The first one is committed when the second is told that it is not the first.
  const row = await once().catch((error: unknown) => {
    if (violatedConstraintOf(error) === 'idx_messages_client_id_unique') return once();
    throw error;
  });
  return row === undefined ? undefined : { message: row.message, event: writtenRow(row) };
}

/** Why a message could not be sent. Undefined when the conversation is not there for the author. */
export async function findObstacle(db: Database, conversationId: string, authorId: string, { replyTo, imageId }: SendMessage) {
  const row = await db.maybeOne(sending.findObstacle, {
    conversation: conversationId,
    author: authorId,
    reply_to: replyTo ?? null,
    image_id: imageId ?? null,
  });
  return row === undefined
    ? undefined
    : { welcome: row.welcome, replyFound: row.reply_found, imageFound: row.image_found, waitSeconds: row.wait_seconds ?? 1 };
}

export interface Stretch {
  /** Undefined: from the newest one on. */
  readonly pivot: string | undefined;
  readonly older: number;
  readonly newer: number;
}

/** JSON text. Undefined when the conversation is not there for the reader. */
export async function findWindow(db: Database, conversationId: string, readerId: string, stretch: Stretch): Promise<string | undefined> {
  const { pivot = queries.newestPivot, older, newer } = stretch;
  const row = await db.maybeOne(queries.readWindow, { conversation: conversationId, reader: readerId, pivot, older, newer });
  if (row === undefined) return undefined;
  return `{"items":${row.items},"before":${quoted(row.before)},"after":${quoted(row.after)},"position":${row.position}}`;
}

/** JSON text. Undefined when the message is not there for the reader. */
export async function find(db: Database, { conversationId, messageId, userId }: MessageKey): Promise<string | undefined> {
  return (await db.maybeOne(queries.readMessage, { conversation: conversationId, position: messageId, reader: userId }))?.message;
}

export interface SearchRequest {
  readonly text: string;
  readonly before: string | undefined;
  readonly limit: number;
}

/** JSON text. Undefined when the conversation is not there for the reader. */
export async function search(db: Database, conversationId: string, readerId: string, request: SearchRequest): Promise<string | undefined> {
  const { text, before = queries.newestPivot, limit } = request;
  const row = await db.maybeOne(queries.searchMessages, { conversation: conversationId, reader: readerId, text, before, limit });
  return row === undefined ? undefined : `{"items":${row.items},"before":${quoted(row.before)}}`;
}

/** Undefined when nothing was changed. */
export function edit(db: Database, key: MessageKey, body: string): Promise<EventRow | undefined> {
  return db.maybeOne(changes.editMessage, { ...columnsOf(key), body, trace: currentTraceparent() });
}

/** Undefined when nothing was deleted. */
export function remove(db: Database, key: MessageKey): Promise<EventRow | undefined> {
  return db.maybeOne(changes.deleteMessage, { ...columnsOf(key), trace: currentTraceparent() });
}

/** Undefined when nothing was changed. */
export function setReaction(db: Database, key: MessageKey, emoji: Emoji, given: boolean): Promise<EventRow | undefined> {
  const query = given ? changes.giveReaction : changes.takeReactionBack;
  return onConstraint(constraintErrors, () => db.maybeOne(query, { ...columnsOf(key), emoji, trace: currentTraceparent() }));
}

/** Undefined when the message is not there for the reader. */
export function findState(db: Database, key: MessageKey) {
  return db.maybeOne(changes.findMessage, columnsOf(key));
}

function columnsOf({ conversationId, messageId, userId }: MessageKey) {
  return { conversation: conversationId, position: messageId, user: userId };
}

function quoted(position: string | null): string {
  return position === null ? 'null' : `"${position}"`;
}
