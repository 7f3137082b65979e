/** One contract, two drivers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRedis, type TestRedis } from '../../test/harness/redis-server.ts';
import { requireTool } from '../../test/harness/tools.ts';
import { waitUntil } from '../../test/harness/wait-until.ts';
import { createInProcessStore } from './in-process-store.ts';
import { createRedisStore } from './redis-store.ts';
import type { Store } from './store.ts';

const program = requireTool('redis-server');

const drivers = [
  { kind: 'in-process', skip: false, open: async () => createInProcessStore(), start: async () => undefined },
  {
    kind: program === undefined ? 'redis (skipped: no redis-server found, run "make tools")' : 'redis',
    skip: program === undefined,
    start: () => startTestRedis(program ?? ''),
    open: async (redis: TestRedis | undefined) => {
      const store = createRedisStore({ url: redis?.url ?? '' });
      await store.connected;
      return store;
    },
  },
];

describe.each(drivers)('the store, $kind', ({ skip, start, open }) => {
  let redis: TestRedis | undefined;
  let store: Store;

  beforeAll(async () => {
    if (skip) return;
    redis = await start();
    store = await open(redis);
  });
  afterAll(async () => {
    await store?.close();
    await redis?.close();
  });

  it.skipIf(skip)('answers a ping', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });

  it.skipIf(skip)('returns what was set, byte for byte, and undefined for what was not', async () => {
    const text = '{"title":"Kajak – Ähre \u{1F6F6}\\u0000"}';
    await store.set('a', text, 60);
    expect(await store.get('a')).toBe(text);
    expect(await store.get('b')).toBeUndefined();
  });

  it.skipIf(skip)('keeps the empty text apart from nothing', async () => {
    await store.set('empty', '', 60);
    expect(await store.get('empty')).toBe('');
  });

  it.skipIf(skip)('forgets a value when its time is over', async () => {
    await store.set('short', 'x', 1);
    expect(await store.get('short')).toBe('x');
    await waitUntil('the value is gone', async () => (await store.get('short')) === undefined, 3000);
  });

  it.skipIf(skip)('replaces a value and its time', async () => {
    await store.set('twice', '1', 60);
    await store.set('twice', '2', 60);
    expect(await store.get('twice')).toBe('2');
  });

  it.skipIf(skip)('sets an absent key once, whoever of many comes first', async () => {
    const won = await Promise.all(Array.from({ length: 50 }, (_, index) => store.setIfAbsent('lock', String(index), 60)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await store.get('lock')).toBe(String(won.indexOf(true)));
  });

  it.skipIf(skip)('gives a taken value to exactly one of many', async () => {
    await store.set('ticket', 'secret', 60);
    const got = await Promise.all(Array.from({ length: 50 }, () => store.take('ticket')));
    expect(got.filter((value) => value === 'secret')).toHaveLength(1);
    expect(got.filter((value) => value === undefined)).toHaveLength(49);
  });

  it.skipIf(skip)('removes keys, there or not', async () => {
    await store.set('gone', 'x', 60);
    await store.remove(['gone', 'never']);
    await store.remove([]);
    expect(await store.get('gone')).toBeUndefined();
  });

  it.skipIf(skip)('counts every increment of many at once', async () => {
    const counts = await Promise.all(Array.from({ length: 100 }, (_, index) => store.increment('count', 60, (index % 3) + 1)));
    const expected = Array.from({ length: 100 }, (_, index) => (index % 3) + 1).reduce((sum, by) => sum + by, 0);
    expect(Math.max(...counts)).toBe(expected);
    expect(new Set(counts).size).toBe(100);
  });

  it.skipIf(skip)('starts the time of a count with its first increment, and does not extend it', async () => {
    await store.increment('window', 1);
    let last = 1;
    await waitUntil(
      'the count starts again',
      async () => {
        const count = await store.increment('window', 1);
        const startedAgain = count < last;
        last = count;
        return startedAgain;
      },
      3000,
    );
    expect(last).toBe(1);
  });

  it.skipIf(skip)('tells a key as held while anybody holds it', async () => {
    await store.hold(['person:1', 'person:2'], 'one', 60);
    await store.hold(['person:1'], 'two', 60);
    expect(await store.areHeld(['person:1', 'person:2', 'person:3'])).toEqual([true, true, false]);
    await store.release(['person:1', 'person:2', 'person:3'], 'one');
    expect(await store.areHeld(['person:1', 'person:2'])).toEqual([true, false]);
    await store.release(['person:1'], 'two');
    expect(await store.areHeld(['person:1'])).toEqual([false]);
    expect(await store.areHeld([])).toEqual([]);
    await Promise.all([store.hold([], 'one', 60), store.release([], 'one')]);
  });

  it.skipIf(skip)('ends each hold at its own time, and a longer one beside it at its own', async () => {
    await store.hold(['brief', 'both'], 'one', 1);
    await store.hold(['both'], 'two', 60);
    await waitUntil('the brief hold is over', async () => (await store.areHeld(['brief']))[0] === false, 5000);
    expect(await store.areHeld(['both'])).toEqual([true]);
    await store.release(['both'], 'two');
    expect(await store.areHeld(['both'])).toEqual([false]);
  });

  it.skipIf(skip)('delivers messages to every subscriber of the channel, in order, and to no other', async () => {
    const heard: string[] = [];
    const other: string[] = [];
    const first = await store.subscribe('room', (message) => heard.push(`1:${message}`));
    const second = await store.subscribe('room', (message) => heard.push(`2:${message}`));
    const third = await store.subscribe('elsewhere', (message) => other.push(message));
    await store.publish('room', 'a');
    await store.publish('room', 'b');
    await waitUntil('four deliveries', () => heard.length === 4);
    expect(heard).toEqual(['1:a', '2:a', '1:b', '2:b']);
    expect(other).toEqual([]);
    await first.close();
    await store.publish('room', 'c');
    await waitUntil('one more delivery', () => heard.length === 5);
    expect(heard.at(-1)).toBe('2:c');
    await Promise.all([second.close(), third.close()]);
  });

  it.skipIf(skip)('goes on delivering when one subscriber throws', async () => {
    const heard: string[] = [];
    const bad = await store.subscribe('faulty', () => {
      throw new Error('planted');
    });
    const good = await store.subscribe('faulty', (message) => heard.push(message));
    await store.publish('faulty', 'x');
    await waitUntil('the delivery', () => heard.length === 1);
    await Promise.all([bad.close(), good.close()]);
  });
});

describe('the in-process store', () => {
  it('stays within its bytes, and forgets the least recently used first', async () => {
    const store = createInProcessStore({ bytesMax: 100_000 });
    for (let index = 0; index < 1000; index += 1) await store.set(`key-${index}`, 'x'.repeat(1000), 60);
    expect(await store.get('key-999')).toBeDefined();
    expect(await store.get('key-0')).toBeUndefined();
  });
});
