/** What connections do not get: what is hidden from their reader, what they have lost the right to, what they do not take. */
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { StreamReference } from '../../src/streams/stream.ts';
import type { LiveServer } from '../harness/live-server.ts';
import type { HeardMessage } from '../harness/socket-client.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { conversation, database, follow, isSubscribed, serve, setTheStage, upTo, write } from './scene.ts';

setTheStage();

describe('those whom a reader does not see', () => {
  it('leave their position and nothing else, also in what is replayed, and nothing at all of their typing', async () => {
    const server = await serve({ hiddenFrom: async (userId) => new Set(userId === '1' ? ['66'] : []) });
    const stream = conversation();
    await write(server, stream, 1, '66');
    await write(server, stream, 1, '5');
    const [blocking, open] = [await server.open('1'), await server.open('2')];
    await follow(blocking, stream, 0);
    await follow(open, stream, 0);
    await write(server, stream, 1, '66');
    server.streams.announce(stream, { type: 'typing.started', data: {}, actorId: '66' });
    server.streams.announce(stream, { type: 'typing.started', data: {}, actorId: '5' });
    for (const socket of [blocking, open])
      await socket.next('the typing', ({ type, actorId }) => type === 'announcement' && actorId === '5');
    expect(open.positions()).toEqual([1, 2, 3]);
    expect(open.heard.filter(({ type }) => type === 'hidden')).toEqual([]);
    expect(blocking.positions()).toEqual([1, 2, 3]);
    expect(JSON.stringify(blocking.heard)).not.toContain('"66"');
  });

  it('vanish on every instance as soon as a block is told', async () => {
    const hidden = new Set<string>();
    const options = { hiddenFrom: async () => new Set(hidden) };
    const [one, other] = [await serve(options), await serve(options)];
    const stream = conversation();
    const socket = await other.open('1');
    await follow(socket, stream);
    await write(one, stream, 1, '66');
    await waitUntil('it is seen', () => socket.positions().length === 1);
    hidden.add('66');
    await database.db.transaction((tx) => one.streams.append(tx, { kind: 'user', id: '1' }, { type: 'block.changed', data: {} }));
    await waitUntil('it is not seen any more', async () => {
      await write(one, stream, 1, '66');
      return socket.heard.some(({ type }) => type === 'hidden');
    });
    const firstHidden = socket.heard.findIndex(({ type }) => type === 'hidden');
    expect(socket.heard.slice(firstHidden).every(({ type }) => type === 'hidden')).toBe(true);
  });
});

describe('losing the right to follow', () => {
  it('ends the subscriptions of all the connections of that person, on every instance, and of nobody else', async () => {
    const [one, other] = [await serve(), await serve()];
    const stream = conversation();
    const sockets = [await one.open('1'), await other.open('1'), await other.open('1')];
    const neighbour = await other.open('2');
    for (const socket of [...sockets, neighbour]) await follow(socket, stream);
    await database.db.transaction((tx) => one.streams.endSubscriptions(tx, '1', stream));
    for (const socket of sockets) await socket.next('the end', ({ type }) => type === 'ended');
    await write(one, stream, 1);
    await waitUntil('the neighbour hears', () => neighbour.positions().length === 1);
    for (const socket of sockets) expect(socket.positions()).toEqual([]);
  });

  it('also ends a subscription that is only about to begin', async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<boolean>();
    const server = await serve({
      mayFollow: {
        conversation: () => {
          asked.resolve();
          return answer.promise;
        },
      },
    });
    const stream = conversation();
    const socket = await server.open('1');
    socket.send({ type: 'subscribe', streams: [stream] });
    await asked.promise;
    await database.db.transaction((tx) => server.streams.endSubscriptions(tx, '1', stream));
    await socket.next('the end', ({ type }) => type === 'ended');
    answer.resolve(true);
    await waitUntil('nothing of it stays', () => server.sockets.counts().streams === 1);
    expect(socket.heard.filter(isSubscribed)).toEqual([]);
  });
});

describe('a connection that does not take what it is sent', () => {
  /** Reads nothing from now on; the kernel's buffers fill and then the server's. */
  async function stalled(server: LiveServer, stream: StreamReference): Promise<{ read(): Promise<HeardMessage[]> }> {
    const { WebSocket } = await import('ws');
    const socket = new WebSocket(`${server.base.replace('http', 'ws')}/api/ws/events`, [
      'sanctum.v1',
      `ticket.${await server.ticket('77')}`,
    ]);
    const heard: HeardMessage[] = [];
    let subscribed = false;
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as HeardMessage;
      heard.push(message);
      if (message.type === 'subscribed') subscribed = true;
    });
    socket.on('error', () => {});
    await waitUntil('it is open', () => heard.length > 0);
    socket.send(JSON.stringify({ type: 'subscribe', streams: [stream] }));
    await waitUntil('it follows', () => subscribed);
    socket.pause();
    return {
      read: async () => {
        socket.resume();
        await wait(0);
        return heard;
      },
    };
  }

  const large = 'x'.repeat(12_000);

  it('is held, costs a bounded number of bytes, and then gets what it missed without what has become worthless', async () => {
    const server = await serve({ timing: { lagBytes: 64 * 1024 } });
    const stream = conversation();
    const slow = await stalled(server, stream);
    const quick = await server.open('2');
    await follow(quick, stream);
    const lags = async () => /sanctum_ws_lags_total ([1-9])/.test(await server.metrics.scrape());
    let sent = 0;
    // Until the kernel takes no more.
    while (!(await lags())) {
      await database.db.transaction((tx) => server.streams.append(tx, stream, { type: 'message.sent', data: { large } }));
      sent += 1;
      if (sent > 2000) throw new Error('the connection never lagged');
    }
    for (let count = 0; count < 10; count += 1)
      await database.db.transaction((tx) =>
        server.streams.append(tx, stream, { type: 'receipt.moved', data: { count }, actorId: '5', class: 'coalescable' }),
      );
    await write(server, stream, 1);
    const last = sent + 11;
    await waitUntil('the quick one hears everything', () => quick.positions().length === last);
    const heard = await slow.read();
    await waitUntil('the slow one hears the last', () => heard.some(({ position }) => position === last));
    const events = heard.filter(({ type }) => type === 'event');
    expect(events.filter(({ event }) => event === 'receipt.moved')).toMatchObject([{ data: { count: 9 } }]);
    expect(events.filter(({ event }) => event === 'message.sent').map(({ position }) => position)).toEqual([...upTo(sent), last]);
  });

  it('is closed with its own code when it takes nothing for too long, and the others do not notice', async () => {
    const server = await serve({ timing: { lagBytes: 64 * 1024, heartbeatMs: 60_000, lagMs: 50 } });
    const stream = conversation();
    await stalled(server, stream);
    const quick = await server.open('2');
    await follow(quick, stream);
    await waitUntil('the slow one is gone', async () => {
      await database.db.transaction((tx) => server.streams.append(tx, stream, { type: 'message.sent', data: { large } }));
      return /sanctum_ws_closes_total\{why="slow"\} 1/.test(await server.metrics.scrape());
    });
    expect(server.sockets.counts().connections).toBe(1);
    const head = await server.streams.head(database.db, stream);
    await waitUntil('the quick one hears everything', () => quick.positions().length === head);
    expect(quick.positions()).toEqual(upTo(head));
  });
});
