/** A bare client of live connections for tests: it says exactly what it is told and keeps everything that it hears. */
import type { TestApp } from './test-app.ts';
import { waitUntil } from './wait-until.ts';

export interface HeardMessage {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface TestSocket {
  readonly heard: HeardMessage[];
  readonly socket: WebSocket;
  send(message: object): void;
  /** The first message that fits, once it has come. */
  next(what: string, fits: (message: HeardMessage) => boolean): Promise<HeardMessage>;
  /** Of the event in a stream: the positions heard, in order. */
  positions(): number[];
  /** Code and reason with which it ended. */
  closed(): Promise<{ readonly code: number; readonly reason: string }>;
  close(): Promise<void>;
}

export async function ticketOf(app: TestApp, headers: Readonly<Record<string, string>>): Promise<string> {
  const answer = await app.app.inject({ method: 'POST', url: '/api/ws/ticket', headers });
  if (answer.statusCode !== 200) throw new Error(`POST /api/ws/ticket answered ${answer.statusCode}: ${answer.body}`);
  return answer.json<{ ticket: string }>().ticket;
}

/** Opens a connection with a ticket; resolves with the welcome. */
export async function openSocket(base: string, ticket: string): Promise<TestSocket> {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/api/ws/events`, ['sanctum.v1', `ticket.${ticket}`]);
  const heard: HeardMessage[] = [];
  let end: { code: number; reason: string } | undefined;
  socket.onmessage = ({ data }) => heard.push(JSON.parse(String(data)) as HeardMessage);
  socket.onclose = ({ code, reason }) => {
    end = { code, reason };
  };
  const client: TestSocket = {
    heard,
    socket,
    send: (message) => socket.send(JSON.stringify(message)),
    async next(what, fits) {
      await waitUntil(`${what} is heard; so far: ${JSON.stringify(heard).slice(0, 500)}`, () => heard.some(fits));
      const found = heard.find(fits);
      if (found === undefined) throw new Error(`${what} was heard and is gone`);
      return found;
    },
    positions: () => heard.filter(({ type }) => type === 'event' || type === 'hidden').map(({ position }) => Number(position)),
    async closed() {
      await waitUntil('the connection ends', () => end !== undefined);
      return end ?? { code: 0, reason: '' };
    },
    async close() {
      socket.close();
      await client.closed();
    },
  };
  await waitUntil('the connection opens or ends', () => heard.length > 0 || end !== undefined);
  if (end !== undefined) throw new Error(`the connection was refused: ${JSON.stringify(end)}`);
  return client;
}
