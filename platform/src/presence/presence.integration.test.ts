import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../../test/harness/redis-server.ts';
import { requireTool } from '../../test/harness/tools.ts';
import { waitUntil } from '../../test/harness/wait-until.ts';
import { createInProcessStore } from '../redis/in-process-store.ts';
import { presenceKey } from '../redis/keys.ts';
import { createRedisStore, type RedisStore } from '../redis/redis-store.ts';
import type { Store } from '../redis/store.ts';
import { createPresence, presenceAskedMax, type Presence } from './presence.ts';

const program = requireTool('redis-server');
const renewMs = 50;

/** One instance of the platform, in a world where everybody shows everything but "shy". */
function instanceOn(store: Store, instance: string): Presence {
  return createPresence({
    store,
    instance,
    shownTo: async (_reader, userIds) => new Set(userIds.filter((userId) => userId !== 'shy')),
    onError: () => {},
    renewMs,
  });
}

const stateOf = async (presence: Presence, userId: string) => (await presence.statesOf([userId], 'reader')).get(userId);
const becomes = (presence: Presence, userId: string, state: string) =>
  waitUntil(`${userId} is ${state}`, async () => (await stateOf(presence, userId)) === state, 10_000);

test('in one process people come and go with their connections, and no more than may be asked are told', async () => {
  const store = createInProcessStore();
  const presence = instanceOn(store, 'one');
  presence.connected('1');
  presence.connected('1');
  presence.connected('shy');
  await becomes(presence, '1', 'online');
  expect(await presence.statesOf(['1', '2', 'shy'], 'reader')).toEqual(
    new Map([
      ['1', 'online'],
      ['2', 'offline'],
      ['shy', 'unknown'],
    ]),
  );
  presence.disconnected('1');
  expect(await stateOf(presence, '1')).toBe('online');
  presence.disconnected('1');
  await becomes(presence, '1', 'offline');
  await expect(presence.statesOf(Array.from({ length: presenceAskedMax + 1 }, String), 'reader')).rejects.toThrow('at most 200');
  await presence.close();
});

describe.skipIf(program === undefined)('over Redis', () => {
  let redis: TestRedis;
  let stores: RedisStore[];
  let one: Presence;
  let two: Presence;
  const secondsLeft = async (userId: string) => Number(await redis.command('ttl', presenceKey.build(userId)));

  beforeAll(async () => {
    redis = await startTestRedis(program ?? '');
    stores = [createRedisStore({ url: redis.url }), createRedisStore({ url: redis.url })];
    const [first, second] = stores as [RedisStore, RedisStore];
    await Promise.all([first.connected, second.connected]);
    one = instanceOn(first, 'one');
    two = instanceOn(second, 'two');
  });
  afterAll(async () => {
    await Promise.all([one.close(), two.close()]);
    await Promise.all(stores.map((store) => store.close()));
    await redis.close();
  });

  test('a person is here while any instance has a connection of theirs', async () => {
    one.connected('10');
    two.connected('10');
    await becomes(two, '10', 'online');
    one.disconnected('10');
    await waitUntil('one hold is left', async () => Number(await redis.command('zcard', presenceKey.build('10'))) === 1);
    expect(await stateOf(one, '10')).toBe('online');
    two.disconnected('10');
    await becomes(one, '10', 'offline');
  });

  test('the people of an instance that died are gone within a minute, while others hold theirs', async () => {
    const [first] = stores as [RedisStore];
    const dying = instanceOn(first, 'dying');
    dying.connected('20');
    dying.connected('21');
    two.connected('21');
    await becomes(two, '20', 'online');
    // It never says good-bye: what it held ends by itself.
    expect(await secondsLeft('20')).toBeGreaterThan(0);
    expect(await secondsLeft('20')).toBeLessThanOrEqual(60);
    const passed = Date.now() - 1000;
    await redis.command('zadd', presenceKey.build('20'), 'XX', String(passed), 'dying');
    await redis.command('zadd', presenceKey.build('21'), 'XX', String(passed), 'dying');
    expect(await stateOf(two, '20')).toBe('offline');
    expect(await stateOf(two, '21')).toBe('online');
    two.disconnected('21');
  });

  test('while Redis is away nobody is said to be here or not, and the next renewal tells it again', async () => {
    one.start();
    one.connected('30');
    await becomes(one, '30', 'online');
    await redis.kill();
    await becomes(one, '30', 'unknown');
    one.connected('31');
    await redis.start();
    await becomes(one, '30', 'online');
    await becomes(two, '31', 'online');
    await redis.command('flushall');
    await becomes(two, '30', 'online');
  });

  test('who leaves while a renewal is under way is gone', async () => {
    const people = Array.from({ length: 1200 }, (_, index) => `4${index}`);
    for (const person of people) one.connected(person);
    await becomes(one, '41199', 'online');
    for (const person of people) one.disconnected(person);
    await becomes(one, '41199', 'offline');
    await waitUntil('nobody is held', async () => {
      const slices = [people.slice(0, 200), people.slice(600, 800), people.slice(1000)];
      const states = await Promise.all(slices.map((slice) => one.statesOf(slice, 'reader')));
      return states.every((map) => [...map.values()].every((state) => state === 'offline'));
    });
  });
});
