/** Servers with only their live half, on one database, for the tests of one file; what they open is closed after each test. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { StreamReference } from '../../src/streams/stream.ts';
import { createLiveServer, type LiveServer, type LiveServerOptions } from '../harness/live-server.ts';
import type { HeardMessage, TestSocket } from '../harness/socket-client.ts';
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts';

export let database: TestDatabase;
let servers: LiveServer[] = [];
let next = 0;

/** Call once at the top of the file. */
export function setTheStage(): void {
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const server of servers) await server.close();
    servers = [];
  });
  afterAll(() => database.close());
}

export async function serve(options: Partial<LiveServerOptions> = {}): Promise<LiveServer> {
  const server = await createLiveServer({ database, ...options });
  servers.push(server);
  return server;
}

export const conversation = (): StreamReference => ({ kind: 'conversation', id: String((next += 1)) });
export const isSubscribed = ({ type }: HeardMessage) => type === 'subscribed';

export async function follow(socket: TestSocket, stream: StreamReference, position?: number): Promise<HeardMessage> {
  socket.send({ type: 'subscribe', streams: [position === undefined ? stream : { ...stream, position }] });
  return socket.next(
    `subscribed to ${stream.id}`,
    (message) => isSubscribed(message) && (message['stream'] as StreamReference).id === stream.id,
  );
}

export async function write(server: LiveServer, stream: StreamReference, count = 1, actorId?: string): Promise<void> {
  for (let index = 0; index < count; index += 1)
    await database.db.transaction((tx) =>
      server.streams.append(tx, stream, { type: 'message.sent', data: { index }, ...(actorId === undefined ? {} : { actorId }) }),
    );
}

export const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
