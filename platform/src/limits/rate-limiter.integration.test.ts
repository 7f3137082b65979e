/** Several instances on one Redis, and what becomes of the limit when it goes away. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRedis, type TestRedis } from '../../test/harness/redis-server.ts';
import { requireTool } from '../../test/harness/tools.ts';
import { waitUntil } from '../../test/harness/wait-until.ts';
import { createRedisStore, type RedisStore } from '../redis/redis-store.ts';
import { createRateLimiter } from './rate-limiter.ts';

const program = requireTool('redis-server');
const limits = { read: { points: 1200, windowSeconds: 3600, per: 'caller' } } as const;
const instancesCount = 3;

describe.skipIf(program === undefined)('the rate limiter on Redis', () => {
  let redis: TestRedis;
  let stores: RedisStore[];

  beforeAll(async () => {
    redis = await startTestRedis(program ?? '');
    stores = Array.from({ length: instancesCount }, () => createRedisStore({ url: redis.url }));
    await Promise.all(stores.map((store) => store.connected));
  });
  afterAll(async () => {
    redis.resume();
    await Promise.all(stores.map((store) => store.close()));
    await redis.close();
  });

  // Half past an hour, so that no window ends while the test runs.
  const now = () => 1_800_001_800_000;
  const createInstances = () => stores.map((store) => createRateLimiter({ store, limits, now }));

  it('never grants more than the limit over all instances', async () => {
    const instances = createInstances();
    const outcomes = await Promise.all(
      instances.flatMap((instance) => Array.from({ length: 1000 }, () => instance.consume('read', 'ada'))),
    );
    const allowed = outcomes.filter(({ allowed: isAllowed }) => isAllowed).length;
    expect(allowed).toBeLessThanOrEqual(1200);
    expect(allowed).toBeGreaterThan(1000);
  });

  it('leaves no counter without an end', async () => {
    const keys = (await redis.command('keys', 'rate_limit:*')) as string[];
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(Number(await redis.command('ttl', key))).toBeGreaterThan(0);
  });

  it('holds the limit in each instance while Redis is stalled, and delays nobody for long', async () => {
    let reached = 0;
    const counting = stores.map((store): RedisStore => ({
      ...store,
      increment: (...parameters) => {
        if (!store.isOpen()) reached += 1;
        return store.increment(...parameters);
      },
    }));
    const instances = counting.map((store) => createRateLimiter({ store, limits, now }));
    redis.stall();
    let allowed = 0;
    for (let attempt = 0; attempt < 2000; attempt += 1) {
      for (const instance of instances) {
        const outcome = instance.consumeLocally('read', 'grace') ?? (await instance.consume('read', 'grace'));
        if (outcome.allowed) allowed += 1;
      }
    }
    // Only these waited for Redis; the others were decided here.
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(30);
    redis.resume();
    expect(allowed).toBe(1200 * instancesCount);
    await waitUntil('Redis is back', () => stores.every((store) => !store.isOpen()));
  });
});
