import { describe, expect, it } from 'vitest';
import { createInProcessStore } from '../redis/in-process-store.ts';
import { type Store, StoreUnavailable } from '../redis/store.ts';
import { createPlatformRateLimiter, createRateLimiter } from './rate-limiter.ts';
import type { RateLimit } from './rate-limits.ts';

const limits = {
  large: { points: 1200, windowSeconds: 60, per: 'caller' },
  small: { points: 10, windowSeconds: 60, per: 'caller' },
} as const satisfies Record<string, RateLimit>;

function countingStore(store: Store) {
  const counter = { increments: 0 };
  const counting: Store = {
    ...store,
    increment: (key, ttlSeconds, by) => {
      counter.increments += 1;
      return store.increment(key, ttlSeconds, by);
    },
  };
  return { store: counting, counter };
}

function deadStore(): Store {
  return { ...createInProcessStore(), increment: () => Promise.reject(new StoreUnavailable(new Error('planted'))) };
}

function createProcess(store: Store, clock = { nowMs: 120_000 }) {
  const sources: string[] = [];
  const limiter = createRateLimiter({ store, limits, now: () => clock.nowMs, onLease: ({ source }) => sources.push(source) });
  const consume = async (limit: keyof typeof limits, caller = 'ada') =>
    limiter.consumeLocally(limit, caller) ?? (await limiter.consume(limit, caller));
  const allowedOf = async (limit: keyof typeof limits, attempts: number, caller = 'ada') => {
    let allowed = 0;
    for (let attempt = 0; attempt < attempts; attempt += 1) if ((await consume(limit, caller)).allowed) allowed += 1;
    return allowed;
  };
  return { limiter, consume, allowedOf, sources, clock };
}

describe('the rate limiter', () => {
  it.each(['large', 'small'] as const)('allows exactly the limit in a window: %s', async (limit) => {
    const { allowedOf } = createProcess(createInProcessStore());
    expect(await allowedOf(limit, limits[limit].points + 100)).toBe(limits[limit].points);
  });

  it('allows exactly the limit when all come at once', async () => {
    const { limiter } = createProcess(createInProcessStore());
    const outcomes = await Promise.all(Array.from({ length: 3000 }, () => limiter.consume('large', 'ada')));
    expect(outcomes.filter(({ allowed }) => allowed)).toHaveLength(1200);
  });

  it('says how many are left and when to come again', async () => {
    const { consume, allowedOf, clock } = createProcess(createInProcessStore());
    expect(await consume('small')).toEqual({ allowed: true, limit: 10, remaining: 9, retryAfterSeconds: 60 });
    await allowedOf('small', 9);
    clock.nowMs += 45_500;
    expect(await consume('small')).toEqual({ allowed: false, limit: 10, remaining: 0, retryAfterSeconds: 15 });
    clock.nowMs += 14_500;
    expect(await consume('small')).toMatchObject({ allowed: true, remaining: 9 });
  });

  it('counts callers and limits apart', async () => {
    const { allowedOf } = createProcess(createInProcessStore());
    expect(await allowedOf('small', 20)).toBe(10);
    expect(await allowedOf('small', 20, 'grace')).toBe(10);
    expect(await allowedOf('large', 20)).toBe(20);
  });

  it('asks the store for less than one warm request in fifty', async () => {
    const { store, counter } = countingStore(createInProcessStore());
    const { allowedOf } = createProcess(store);
    expect(await allowedOf('large', 1000)).toBe(1000);
    expect(counter.increments).toBeGreaterThan(0);
    expect(counter.increments / 1000).toBeLessThanOrEqual(0.025);
  });

  it('asks the store for nothing once a caller has used up the limit', async () => {
    const { store, counter } = countingStore(createInProcessStore());
    const { allowedOf } = createProcess(store);
    expect(await allowedOf('small', 11)).toBe(10);
    const asked = counter.increments;
    expect(asked).toBeGreaterThan(0);
    expect(await allowedOf('small', 100)).toBe(0);
    expect(counter.increments).toBe(asked);
  });

  it('never grants more than the limit over several processes, and strands little', async () => {
    const store = createInProcessStore();
    const processes = Array.from({ length: 4 }, () => createProcess(store));
    let allowed = 0;
    for (let attempt = 0; attempt < 2000; attempt += 1) {
      const outcome = await processes[attempt % processes.length]?.consume('large');
      if (outcome?.allowed === true) allowed += 1;
    }
    expect(allowed).toBeLessThanOrEqual(1200);
    expect(allowed).toBeGreaterThanOrEqual(1200 - 3 * 59);
  });

  it('holds the limit in each process while the store is away', async () => {
    const { allowedOf, sources } = createProcess(deadStore());
    expect(await allowedOf('large', 2000)).toBe(1200);
    expect(await allowedOf('small', 50)).toBe(10);
    expect(new Set(sources)).toEqual(new Set(['local']));
  });

  it('counts on when the store goes away or is flushed in the middle of a window', async () => {
    const memory = createInProcessStore();
    let dead = false;
    const flaky: Store = { ...memory, increment: (key, ttlSeconds, by) => (dead ? deadStore() : memory).increment(key, ttlSeconds, by) };
    const { allowedOf } = createProcess(flaky);
    let allowed = await allowedOf('large', 500);
    dead = true;
    allowed += await allowedOf('large', 300);
    dead = false;
    await memory.close();
    allowed += await allowedOf('large', 1000);
    expect(allowed).toBe(1200);
  });

  it('gives a refunded point back, once and never more than was spent', async () => {
    const { limiter, allowedOf } = createProcess(createInProcessStore());
    limiter.refund('small', 'ada');
    expect(await allowedOf('small', 20)).toBe(10);
    limiter.refund('small', 'ada');
    expect(await allowedOf('small', 20)).toBe(1);
  });

  it('stays within its memory, whatever number of callers comes', async () => {
    const limiter = createRateLimiter({ store: createInProcessStore({ entriesMax: 100 }), limits, callersMax: 100 });
    for (let caller = 0; caller < 10_000; caller += 1) expect((await limiter.consume('small', `caller-${caller}`)).allowed).toBe(true);
  });

  it('knows the limits of the platform', async () => {
    const limiter = createPlatformRateLimiter({ store: createInProcessStore(), factor: 1 });
    expect(await limiter.consume('signInFailures', 'ada')).toMatchObject({ allowed: true, limit: 10 });
  });
});
