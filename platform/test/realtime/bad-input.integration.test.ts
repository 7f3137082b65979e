/** What a hostile client sends: its own connection ends with the right code, and nobody else notices. */
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLiveServer, type LiveServer } from '../harness/live-server.ts';
import { openSocket } from '../harness/socket-client.ts';
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts';
import { waitUntil } from '../harness/wait-until.ts';

let database: TestDatabase;
let server: LiveServer;
let raw: Socket[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  server = await createLiveServer({ database });
});
afterEach(() => {
  for (const socket of raw) socket.destroy();
  raw = [];
});
afterAll(async () => {
  await server.close();
  await database.close();
});

interface RawConnection {
  readonly socket: Socket;
  write(...parts: Buffer[]): void;
  /** The code of the close frame; 0 when it was cut off without one. */
  code(): Promise<number>;
}

/** A connection on which every byte is the test's own. */
async function open(): Promise<RawConnection> {
  const socket = connect({ port: server.port, host: '127.0.0.1' });
  raw.push(socket);
  let received: Buffer = Buffer.alloc(0);
  let isOver = false;
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    isOver = true;
  });
  const lines = [
    'GET /api/ws/events HTTP/1.1',
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${Buffer.alloc(16, 3).toString('base64')}`,
    `Sec-WebSocket-Protocol: sanctum.v1, ticket.${await server.ticket('1')}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  await waitUntil('the welcome arrives', () => received.includes('"welcome"'));
  return {
    socket,
    write: (...parts) => void socket.write(Buffer.concat(parts)),
    async code() {
      await waitUntil('the connection ends', () => isOver);
      const at = received.lastIndexOf(Buffer.from([0x88]));
      return at === -1 || at + 4 > received.length ? 0 : received.readUInt16BE(at + 2);
    },
  };
}

/** A frame of a client: masked with zeros. */
function frame(first: number, payload: Buffer, claimed = payload.length): Buffer {
  const mask = Buffer.alloc(4);
  if (claimed < 126) return Buffer.concat([Buffer.from([first, 0x80 | claimed]), mask, payload]);
  const head = Buffer.alloc(claimed <= 0xffff ? 4 : 10);
  head[0] = first;
  head[1] = 0x80 | (claimed <= 0xffff ? 126 : 127);
  if (claimed <= 0xffff) head.writeUInt16BE(claimed, 2);
  else head.writeBigUInt64BE(BigInt(claimed), 2);
  return Buffer.concat([head, mask, payload]);
}

const text = (value: string) => frame(0x81, Buffer.from(value));

describe('a connection ends with its own code for', () => {
  it.each([
    ['a message that announces 100 MiB', () => [frame(0x81, Buffer.from('x'), 100 * 1024 * 1024)], 1009],
    ['a message larger than 16 KiB', () => [text(`{"type":"ping","x":"${'x'.repeat(20_000)}"}`)], 1009],
    ['invalid UTF-8', () => [frame(0x81, Buffer.from([0xc3, 0x28, 0xff, 0xfe]))], 1007],
    ['a message in binary', () => [frame(0x82, Buffer.from('{"type":"ping"}'))], 1003],
    ['a frame without a mask', () => [Buffer.from([0x81, 0x02, 0x7b, 0x7d])], 1002],
    ['reserved bits', () => [frame(0xf1, Buffer.from('{}'))], 1002],
    ['an unknown opcode', () => [frame(0x8b, Buffer.from('{}'))], 1002],
    ['a fragmented ping', () => [frame(0x09, Buffer.from(''))], 1002],
    ['a continuation of nothing', () => [frame(0x80, Buffer.from('x'))], 1002],
    [
      'a flood of fragments',
      () => [frame(0x01, Buffer.from('')), ...Array.from({ length: 5000 }, () => frame(0x00, Buffer.from('a')))],
      1008,
    ],
    ['text that is not JSON', () => [text('hello')], 4400],
    ['JSON that is no object', () => [text('[1,2,3]')], 4400],
    ['a type that there is not', () => [text('{"type":"shout"}')], 4400],
    ['fields that there are not', () => [text('{"type":"ping","admin":true}')], 4400],
    ['a kind of stream that there is not', () => [text('{"type":"subscribe","streams":[{"kind":"__proto__","id":"1"}]}')], 4400],
    ['an id that is none', () => [text('{"type":"subscribe","streams":[{"kind":"user","id":"1 or 1=1"}]}')], 4400],
    ['a position below zero', () => [text('{"type":"subscribe","streams":[{"kind":"user","id":"1","position":-1}]}')], 4400],
    ['a position that is no number', () => [text('{"type":"subscribe","streams":[{"kind":"user","id":"1","position":"1e9"}]}')], 4400],
    ['a position that no number can hold', () => [text('{"type":"subscribe","streams":[{"kind":"user","id":"1","position":1e30}]}')], 4400],
    [
      'streams without end',
      () => [text(`{"type":"subscribe","streams":[${Array.from({ length: 60 }, () => '{"kind":"user","id":"1"}').join(',')}]}`)],
      4400,
    ],
    ['nesting without end', () => [text(`${'['.repeat(5000)}${']'.repeat(5000)}`)], 4400],
    ['more messages than it may send', () => Array.from({ length: 200 }, () => text('{"type":"ping"}')), 4429],
    [
      'more subscriptions than it may ask for at once',
      () =>
        Array.from({ length: 5 }, () =>
          text(`{"type":"subscribe","streams":[${Array.from({ length: 50 }, (_, id) => `{"kind":"room","id":"${id + 1}"}`).join(',')}]}`),
        ),
      4429,
    ],
  ] as const)('%s', async (_name, parts, code) => {
    const neighbour = await server.open('2');
    const hostile = await open();
    hostile.write(...parts());
    expect(await hostile.code()).toBe(code);
    neighbour.send({ type: 'ping', id: 1 });
    await neighbour.next('the neighbour is answered', ({ type }) => type === 'pong');
    await neighbour.close();
    await waitUntil('nothing stays', () => server.sockets.counts().connections === 0);
    expect(server.logs.filter((line) => line.includes('unhandled'))).toEqual([]);
  });
});

it('somebody else’s stream is as if it were not there', async () => {
  const socket = await server.open('1');
  socket.send({ type: 'subscribe', streams: [{ kind: 'user', id: '2', position: 0 }] });
  expect(await socket.next('the answer', ({ type }) => type === 'refused')).toMatchObject({ code: 'not-found' });
  socket.send({ type: 'subscribe', streams: [{ kind: 'notifications', id: '999999', position: 0 }] });
  await waitUntil('both are answered alike', () => socket.heard.filter(({ type }) => type === 'refused').length === 2);
  await socket.close();
});

it('half handshakes and garbage cost their own connection and nothing else', async () => {
  const halves = [
    'GET /api/ws/events HTTP/1.1\r\nHost: x\r\n',
    'GET /api/ws/events HTTP/1.1\r\nUpgrade: websocket\r\n\r\n',
    '\u0000\u0001\u0002',
    '',
  ];
  for (let round = 0; round < 50; round += 1) {
    for (const half of halves) {
      const socket = connect({ port: server.port, host: '127.0.0.1' });
      raw.push(socket);
      socket.on('error', () => {});
      socket.write(half);
    }
  }
  const socket = await server.open('1');
  for (const half of raw) half.destroy();
  socket.send({ type: 'ping', id: 1 });
  await socket.next('the answer', ({ type }) => type === 'pong');
  await socket.close();
});

it('a thousand connections that come and go leave nothing behind', async () => {
  const stream = { kind: 'room', id: '7' } as const;
  const round = async () => {
    const sockets = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => openSocket(server.base, await server.ticket(String(100 + (index % 20))))),
    );
    for (const socket of sockets) socket.send({ type: 'subscribe', streams: [stream, { kind: 'user', id: '100' }] });
    await waitUntil('they follow', () => sockets.every((socket) => socket.heard.some(({ type }) => type === 'subscribed')));
    for (const [index, socket] of sockets.entries()) {
      // Some say goodbye and some are gone.
      if (index % 2 === 0) socket.socket.close();
      else await socket.close();
    }
    await waitUntil('all have gone', () => server.sockets.counts().connections === 0);
  };
  await round();
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  for (let count = 0; count < 19; count += 1) await round();
  await waitUntil('nothing is followed any more', () => server.sockets.counts().streams === 0);
  expect(server.sockets.counts()).toEqual({ connections: 0, streams: 0, subscriptions: 0, people: 0 });
  await waitUntil('no timer stays', () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length <= timers + 2);
});
