import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type * as client from '../../realtime-client/src/messages.ts';
import { renderProtocolPage, renderProtocolSchema } from './realtime-documentation.ts';
import type { ClientMessage, ServerMessage } from './sockets/protocol.ts';

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

/** Holds when each of the two may stand for the other. */
type Same<Left, Right> = Left extends Right ? (Right extends Left ? true : never) : never;

test('the page and the schema are what make docs writes', () => {
  expect(read('docs/realtime-protocol.md'), 'run: make docs').toBe(renderProtocolPage());
  expect(read('platform/realtime-protocol.json'), 'run: make docs').toBe(renderProtocolSchema());
});

test('the page names every message of both directions', () => {
  const page = renderProtocolPage();
  const types = [
    'subscribe',
    'unsubscribe',
    'ping',
    'welcome',
    'subscribed',
    'event',
    'hidden',
    'announcement',
    'reset',
    'ended',
    'refused',
    'reconnect',
    'pong',
  ];
  for (const type of types) expect(page).toContain(`| \`${type}\` |`);
});

test('the client library knows the messages as the server writes and reads them', () => {
  // Checked by the compiler: a message that only one side has does not compile here.
  const sides: readonly [
    Same<ServerMessage['type'], client.ServerMessage['type']>,
    Same<ClientMessage['type'], client.ClientMessage['type']>,
  ] = [true, true];
  const fromServer = (message: ServerMessage): client.ServerMessage => message;
  expect(sides).toEqual([true, true]);
  expect(fromServer({ type: 'pong', id: 1 })).toEqual({ type: 'pong', id: 1 });
});
