/** What connections get: every event of what they follow, once, in order, whatever the broker loses. */
import { describe, expect, it } from 'vitest';
import type { StreamReference } from '../../src/streams/stream.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { conversation, database, follow, serve, setTheStage, upTo, write } from './scene.ts';

setTheStage();

describe('following', () => {
  it('delivers what happens from then on to everyone who follows, on every instance, and to nobody else', async () => {
    const [one, other] = [await serve(), await serve()];
    const stream = conversation();
    await write(one, stream, 3);
    const [here, there, elsewhere] = [await one.open('1'), await other.open('2'), await other.open('3')];
    expect(await follow(here, stream)).toMatchObject({ position: 3, recovered: true });
    await follow(there, stream);
    await follow(elsewhere, conversation());
    await write(one, stream, 20);
    for (const socket of [here, there]) await waitUntil('all are heard', () => socket.positions().length >= 20);
    expect(here.positions()).toEqual(upTo(23, 4));
    expect(there.positions()).toEqual(upTo(23, 4));
    expect(elsewhere.positions()).toEqual([]);
    expect(here.heard.find(({ type }) => type === 'event')).toMatchObject({
      stream,
      position: 4,
      event: 'message.sent',
      data: { index: 0 },
    });
  });

  it('is refused where it is not allowed and where nobody has a rule, and others go on', async () => {
    const server = await serve({ mayFollow: { conversation: async (userId, id) => userId === '1' && id === '4000' } });
    const socket = await server.open('1');
    socket.send({
      type: 'subscribe',
      streams: [
        { kind: 'conversation', id: '4001' },
        { kind: 'sanctum', id: '1' },
        { kind: 'user', id: '2' },
        { kind: 'notifications', id: '2' },
        { kind: 'conversation', id: '4000' },
        { kind: 'user', id: '1' },
      ],
    });
    await waitUntil('all are answered', () => socket.heard.filter(({ type }) => type === 'refused' || type === 'subscribed').length === 6);
    const answers = Object.fromEntries(
      socket.heard
        .filter(({ type }) => type !== 'welcome')
        .map(({ type, stream }) => [`${(stream as StreamReference).kind}:${(stream as StreamReference).id}`, type]),
    );
    expect(answers).toEqual({
      'conversation:4001': 'refused',
      'sanctum:1': 'refused',
      'user:2': 'refused',
      'notifications:2': 'refused',
      'conversation:4000': 'subscribed',
      'user:1': 'subscribed',
    });
  });

  it('says that it cannot be told now where the rule cannot be looked up', async () => {
    const server = await serve({ mayFollow: { conversation: () => Promise.reject(new Error('the database is away')) } });
    const socket = await server.open('1');
    socket.send({ type: 'subscribe', streams: [conversation()] });
    expect(await socket.next('the answer', ({ type }) => type === 'refused')).toMatchObject({ code: 'unavailable' });
  });

  it('ends when it is asked to, and nothing of it stays', async () => {
    const server = await serve();
    const stream = conversation();
    const socket = await server.open('1');
    await follow(socket, stream);
    expect(server.sockets.counts()).toMatchObject({ subscriptions: 1, streams: 2 });
    socket.send({ type: 'unsubscribe', streams: [stream] });
    await waitUntil('the stream is let go', () => server.sockets.counts().streams === 1);
    await write(server, stream);
    socket.send({ type: 'ping', id: 7 });
    await socket.next('the answer to the ping', ({ type, id }) => type === 'pong' && id === 7);
    expect(socket.positions()).toEqual([]);
  });
});

describe('coming back', () => {
  it('gives exactly what was missed, in order, from memory while somebody stayed and from the log otherwise', async () => {
    const server = await serve();
    const stream = conversation();
    await write(server, stream, 10);
    const alone = await server.open('1');
    expect(await follow(alone, stream, 4)).toMatchObject({ position: 4, recovered: true });
    await waitUntil('what was missed is heard', () => alone.positions().length === 6);
    expect(alone.positions()).toEqual(upTo(10, 5));
    await write(server, stream, 5);
    const second = await server.open('2');
    await follow(second, stream, 2);
    const third = await server.open('3');
    await follow(third, stream, 9);
    await write(server, stream, 1);
    await waitUntil('everything is heard', () => second.positions().length === 14 && third.positions().length === 7);
    expect(second.positions()).toEqual(upTo(16, 3));
    expect(third.positions()).toEqual(upTo(16, 10));
    expect(await server.metrics.scrape()).toMatch(/sanctum_ws_subscribed_total\{outcome="memory"\} [1-9]/);
  });

  it('costs a handful of statements, however many come back at once', async () => {
    const server = await serve();
    const streams = Array.from({ length: 20 }, conversation);
    for (const stream of streams) await write(server, stream, 3);
    const sockets = await Promise.all(Array.from({ length: 60 }, (_, index) => server.open(String(5000 + index))));
    const reads = { count: 0 };
    const { readMany } = server.streams;
    Object.assign(server.streams, {
      readMany: (...questions: Parameters<typeof readMany>) => {
        reads.count += 1;
        return readMany(...questions);
      },
    });
    for (const socket of sockets) socket.send({ type: 'subscribe', streams: streams.map((stream) => ({ ...stream, position: 1 })) });
    for (const socket of sockets) await waitUntil('everything is heard', () => socket.positions().length === 40);
    // Twelve hundred subscriptions.
    expect(reads.count).toBeLessThanOrEqual(60);
  });

  it.each([
    ['a position of the future', 99],
    ['more than is replayed', 0],
  ])('says that nothing is recovered for %s, and goes on from the newest position', async (_name, position) => {
    const server = await serve();
    const stream = conversation();
    await write(server, stream, position === 0 ? 230 : 3);
    const socket = await server.open('1');
    const head = position === 0 ? 230 : 3;
    expect(await follow(socket, stream, position)).toMatchObject({ position: head, recovered: false });
    await write(server, stream, 2);
    await waitUntil('what is new is heard', () => socket.positions().length === 2);
    expect(socket.positions()).toEqual([head + 1, head + 2]);
  });

  it('waits for a position that another instance has written and this one has not heard of yet', async () => {
    const [one, other] = [await serve(), await serve()];
    const stream = conversation();
    const early = await other.open('1');
    await follow(early, stream);
    other.deafen(true);
    await write(one, stream, 4);
    const socket = await other.open('2');
    expect(await follow(socket, stream, 4)).toMatchObject({ position: 4, recovered: true });
    await waitUntil('the one who was there is brought up to it', () => early.positions().length === 4);
    expect(early.positions()).toEqual(upTo(4));
    expect(socket.positions()).toEqual([]);
  });
});

describe('what the broker loses', () => {
  it('is found with the next event', async () => {
    const [one, other] = [await serve(), await serve()];
    const stream = conversation();
    const socket = await other.open('1');
    await follow(socket, stream);
    other.deafen(true);
    await write(one, stream, 5);
    other.deafen(false);
    await write(one, stream, 1);
    await waitUntil('everything is heard', () => socket.positions().length >= 6);
    expect(socket.positions()).toEqual(upTo(6));
  });

  it('is found without one, by comparing positions in one statement', async () => {
    const [one, other] = [await serve(), await serve({ timing: { checkEveryMs: 100 } })];
    const stream = conversation();
    const socket = await other.open('1');
    await follow(socket, stream);
    other.deafen(true);
    await write(one, stream, 5);
    await waitUntil('everything is heard', () => socket.positions().length >= 5);
    expect(socket.positions()).toEqual(upTo(5));
  });

  it('and the log no longer holds is told to those who follow', async () => {
    const [one, other] = [await serve(), await serve({ timing: { checkEveryMs: 100 } })];
    const stream = conversation();
    const socket = await other.open('1');
    await follow(socket, stream);
    other.deafen(true);
    // Five events, of which the log holds the last two.
    await database.client.query(
      `with head as (insert into streams (kind, id, head) values ($1, $2, 5))
       insert into stream_events (kind, id, position, type, data) select $1, $2, n, 'message.sent', '{}' from generate_series(4, 5) n`,
      [stream.kind, stream.id],
    );
    await socket.next('the reset', ({ type }) => type === 'reset');
    other.deafen(false);
    await write(one, stream, 1);
    await waitUntil('what is new is heard', () => socket.positions().includes(6));
    expect(socket.heard.filter(({ type }) => type === 'reset')).toMatchObject([{ stream, position: 5 }]);
  });

  it('is neither doubled nor reordered while a hundred writers write and connections come and go', async () => {
    const [one, other] = [await serve(), await serve({ timing: { checkEveryMs: 200 } })];
    const stream = conversation();
    const sockets = [await one.open('1'), await other.open('2'), await other.open('3')];
    for (const socket of sockets) await follow(socket, stream);
    let deaf = false;
    const flicker = setInterval(() => other.deafen((deaf = !deaf)), 20);
    await Promise.all(Array.from({ length: 100 }, (_, index) => write(index % 2 === 0 ? one : other, stream)));
    clearInterval(flicker);
    other.deafen(false);
    for (const socket of sockets) await waitUntil('everything is heard', () => socket.positions().length >= 100);
    for (const socket of sockets) expect(socket.positions()).toEqual(upTo(100));
  });
});
