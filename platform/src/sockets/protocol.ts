/**
 * What is said over a connection, in both directions. Published as docs/realtime-protocol.md and platform/realtime-protocol.json; the client library
 * and the tests are held to it.
 */
import { z } from 'zod';
import { streamKinds } from '../streams/stream.ts';

/** What a client asks for in Sec-WebSocket-Protocol, beside its ticket. */
export const subprotocol = 'sanctum.v1';
export const ticketPrefix = 'ticket.';
export const eventsPath = '/api/ws/events';

/** Streams that one message may name. */
const streamsMax = 50;

const stream = z.strictObject({ kind: z.enum(streamKinds), id: z.string().regex(/^[1-9]\d{0,18}$/) }).meta({ id: 'Stream' });
const position = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const subscribe = z
  .strictObject({
    type: z.literal('subscribe'),
    streams: z
      .array(z.strictObject({ ...stream.shape, position: position.optional() }))
      .min(1)
      .max(streamsMax),
  })
  .describe('Begins to follow streams. With a position: everything behind it first. Each is answered by subscribed or refused.');
const unsubscribe = z.strictObject({ type: z.literal('unsubscribe'), streams: z.array(stream).min(1).max(streamsMax) });
const ping = z.strictObject({ type: z.literal('ping'), id: z.int().min(0).optional() }).describe('Answered by pong, with the same id.');

/** From the client. */
export const clientMessage = z.discriminatedUnion('type', [subscribe, unsubscribe, ping]).meta({ id: 'ClientMessage' });
export type ClientMessage = z.output<typeof clientMessage>;

const welcome = z
  .object({
    type: z.literal('welcome'),
    connectionId: z.string(),
    userId: z.string(),
    /** How often the server looks for a sign of life. */
    heartbeatSeconds: z.number(),
  })
  .describe('The connection is open.');
const subscribed = z
  .object({ type: z.literal('subscribed'), stream, position, recovered: z.boolean() })
  .describe(
    'The stream is followed from this position. recovered: everything behind the position that was asked for follows. Otherwise something is missing: read the place anew, then subscribe from the position that its answer holds.',
  );
const event = z
  .object({
    type: z.literal('event'),
    stream,
    position,
    event: z.string(),
    at: z.string(),
    actorId: z.string().optional(),
    data: z.unknown(),
  })
  .describe('What has happened. Positions of a stream follow each other without a gap, hidden ones counted.');
const hidden = z
  .object({ type: z.literal('hidden'), stream, position })
  .describe('Up to this position there is nothing for this reader that was not sent.');
const announcement = z
  .object({ type: z.literal('announcement'), stream, event: z.string(), actorId: z.string().optional(), data: z.unknown() })
  .describe('Worth telling now and not worth keeping, as typing. May be lost.');
const reset = z
  .object({ type: z.literal('reset'), stream, position })
  .describe('Something before this position cannot be had any more: read the place anew. The stream is followed on.');
const ended = z.object({ type: z.literal('ended'), stream }).describe('The reader may not follow the stream any longer.');
const refused = z
  .object({ type: z.literal('refused'), stream, code: z.enum(['not-found', 'too-many', 'unavailable']) })
  .describe('not-found: no such stream, or not for this reader. too-many: end another subscription first. unavailable: ask again later.');
const reconnect = z
  .object({ type: z.literal('reconnect'), afterMs: z.int().min(0) })
  .describe('The server is about to end the connection: come back after this time.');
const pong = z.object({ type: z.literal('pong'), id: z.int().optional() });

/** From the server. */
export const serverMessage = z
  .discriminatedUnion('type', [welcome, subscribed, event, hidden, announcement, reset, ended, refused, reconnect, pong])
  .meta({ id: 'ServerMessage' });
export type ServerMessage = z.output<typeof serverMessage>;

/** Undefined for what is no message of the protocol. */
export function readClientMessage(text: string): ClientMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What is not JSON is no message either: the caller closes the connection.
    return undefined;
  }
  return clientMessage.safeParse(value).data;
}

/** The text of a message that is made for one connection. */
export function messageText(message: ServerMessage): string {
  return JSON.stringify(message);
}
