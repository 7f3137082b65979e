/** The limiter against any order of requests, refunds, instances, clocks and states of the store. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createInProcessStore } from '../redis/in-process-store.ts';
import { type Store, StoreUnavailable } from '../redis/store.ts';
import { createRateLimiter, type LimitOutcome, type RateLimiter } from './rate-limiter.ts';

const windowSeconds = 60;
const windowMs = windowSeconds * 1000;
const startMs = 1_800_000_000_000;

type Step =
  | { readonly kind: 'ask'; readonly instance: number; readonly times: number; readonly atOnce: boolean }
  | { readonly kind: 'refund'; readonly instance: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'store'; readonly state: 'away' | 'back' | 'flushed' };

interface Turn {
  readonly instance: number;
  readonly atMs: number;
  readonly outcome: LimitOutcome;
}

interface World {
  readonly instances: readonly RateLimiter<'any'>[];
  readonly turns: Turn[];
  readonly clock: { nowMs: number };
  refunds: number;
  run(step: Step): Promise<void>;
}

function createWorld(points: number, instancesCount: number): World {
  const clock = { nowMs: startMs };
  const memory = createInProcessStore();
  let isAway = false;
  const store: Store = {
    ...memory,
    increment: (...parameters) => (isAway ? Promise.reject(new StoreUnavailable(new Error('planted'))) : memory.increment(...parameters)),
  };
  const limits = { any: { points, windowSeconds, per: 'caller' } } as const;
  const instances = Array.from({ length: instancesCount }, () => createRateLimiter({ store, limits, now: () => clock.nowMs }));
  const turns: Turn[] = [];
  const ask = async (instance: number): Promise<void> => {
    const limiter = instances[instance];
    if (limiter === undefined) throw new Error('no such instance');
    const outcome = limiter.consumeLocally('any', 'ada') ?? (await limiter.consume('any', 'ada'));
    turns.push({ instance, atMs: clock.nowMs, outcome });
  };
  const world: World = {
    instances,
    turns,
    clock,
    refunds: 0,
    run: async (step) => {
      if (step.kind === 'wait') clock.nowMs += step.ms;
      else if (step.kind === 'refund') {
        instances[step.instance]?.refund('any', 'ada');
        world.refunds += 1;
      } else if (step.kind === 'store') {
        isAway = step.state === 'away';
        if (step.state === 'flushed') await memory.close();
      } else if (step.atOnce) await Promise.all(Array.from({ length: step.times }, () => ask(step.instance)));
      else for (let time = 0; time < step.times; time += 1) await ask(step.instance);
    },
  };
  return world;
}

const instancesMax = 3;
const ask = fc.record({
  kind: fc.constant('ask' as const),
  instance: fc.nat(instancesMax - 1),
  times: fc.integer({ min: 1, max: 40 }),
  atOnce: fc.boolean(),
});
const wait = fc.record({ kind: fc.constant('wait' as const), ms: fc.oneof(fc.nat(500), fc.nat(2 * windowMs)) });
const jump = fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: -20 * windowMs, max: 20 * windowMs }) });
const refund = fc.record({ kind: fc.constant('refund' as const), instance: fc.nat(instancesMax - 1) });
const storeChange = fc.record({ kind: fc.constant('store' as const), state: fc.constantFrom('away' as const, 'back', 'flushed') });
const points = fc.integer({ min: 1, max: 100 });
const runs = { seed: 20_261_124, numRuns: 300 };

function allowed(turns: readonly Turn[]): number {
  return turns.filter(({ outcome }) => outcome.allowed).length;
}

function byWindow(turns: readonly Turn[]): Turn[][] {
  return Object.values(Object.groupBy(turns, ({ atMs }) => Math.floor(atMs / windowMs))).flatMap((window) => (window ? [window] : []));
}

async function play(limit: number, instances: number, steps: readonly Step[]): Promise<World> {
  const world = createWorld(limit, instances);
  for (const step of steps) await world.run(step);
  return world;
}

it('grants no more than the limit in any window over all instances, and no more than twice it in any span of that length', async () => {
  let refused = 0;
  const plan = fc.array(fc.oneof({ weight: 4, arbitrary: ask }, wait), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(points, plan, async (limit, steps) => {
      const { turns } = await play(limit, instancesMax, steps);
      for (const window of byWindow(turns)) expect(allowed(window)).toBeLessThanOrEqual(limit);
      for (const { atMs } of turns) {
        const span = turns.filter((turn) => turn.atMs >= atMs && turn.atMs < atMs + windowMs);
        expect(allowed(span)).toBeLessThanOrEqual(2 * limit);
      }
      refused += turns.length - allowed(turns);
    }),
    runs,
  );
  expect(refused).toBeGreaterThan(1000);
});

it('loses nobody a request on one instance: as many as asked for, up to the limit, in every window', async () => {
  const plan = fc.array(fc.oneof({ weight: 3, arbitrary: ask.map((step) => ({ ...step, instance: 0 })) }, wait), {
    minLength: 1,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(points, plan, async (limit, steps) => {
      const { turns } = await play(limit, 1, steps);
      for (const window of byWindow(turns)) expect(allowed(window)).toBe(Math.min(window.length, limit));
    }),
    runs,
  );
});

it('strands no more on several instances than their batches hold', async () => {
  await fc.assert(
    fc.asyncProperty(points, fc.array(ask, { minLength: 1, maxLength: 30 }), async (limit, steps) => {
      const { turns } = await play(limit, instancesMax, steps);
      const batch = Math.max(1, Math.floor(limit / 20));
      // A burst leases what it needs at once and spends it; only batches of other instances can lie unused.
      const strandedMax = (instancesMax - 1) * (batch - 1);
      expect(allowed(turns)).toBeGreaterThanOrEqual(Math.min(turns.length, limit - strandedMax));
    }),
    runs,
  );
});

it('holds the limit in each instance and window, wherever the store goes and comes back, and never refuses below it alone', async () => {
  let outages = 0;
  const plan = fc.array(fc.oneof({ weight: 4, arbitrary: ask }, { weight: 2, arbitrary: storeChange }, wait), {
    minLength: 1,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(points, plan, async (limit, steps) => {
      const { turns } = await play(limit, instancesMax, steps);
      for (const window of byWindow(turns)) {
        for (let instance = 0; instance < instancesMax; instance += 1)
          expect(allowed(window.filter((turn) => turn.instance === instance))).toBeLessThanOrEqual(limit);
        if (new Set(window.map(({ instance }) => instance)).size === 1) expect(allowed(window)).toBe(Math.min(window.length, limit));
      }
      outages += steps.filter((step) => step.kind === 'store' && step.state === 'away').length;
    }),
    runs,
  );
  expect(outages).toBeGreaterThan(100);
});

it('gives back what was refunded and nothing more', async () => {
  const plan = fc.array(fc.oneof({ weight: 3, arbitrary: ask }, { weight: 2, arbitrary: refund }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(points, plan, async (limit, steps) => {
      const world = await play(limit, instancesMax, steps);
      expect(allowed(world.turns)).toBeLessThanOrEqual(limit + world.refunds);
      const alone = await play(
        limit,
        1,
        steps.map((step) => ({ ...step, instance: 0 })),
      );
      expect(allowed(alone.turns)).toBeLessThanOrEqual(limit + alone.refunds);
      expect(allowed(alone.turns)).toBeGreaterThanOrEqual(Math.min(alone.turns.length, limit));
    }),
    runs,
  );
});

it('keeps nobody out longer than a window, whichever way the clock jumps, and lets in who comes back when told', async () => {
  let jumpsBack = 0;
  let comebacks = 0;
  const plan = fc.array(fc.oneof({ weight: 3, arbitrary: ask }, { weight: 2, arbitrary: jump }, storeChange), {
    minLength: 1,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 30 }), plan, async (limit, steps) => {
      const world = await play(limit, instancesMax, steps);
      for (const { outcome } of world.turns) {
        expect(outcome.retryAfterSeconds).toBeGreaterThanOrEqual(1);
        expect(outcome.retryAfterSeconds).toBeLessThanOrEqual(windowSeconds);
        expect(outcome.remaining).toBeGreaterThanOrEqual(0);
        expect(outcome.remaining).toBeLessThanOrEqual(limit);
      }
      jumpsBack += steps.filter((step) => step.kind === 'wait' && step.ms < 0).length;
      const last = world.turns.at(-1);
      // Past every window that the clock has been in, so that nobody has asked in the next one yet.
      if (last === undefined || last.outcome.allowed || last.atMs < Math.max(...world.turns.map(({ atMs }) => atMs))) return;
      await world.run({ kind: 'wait', ms: last.atMs + last.outcome.retryAfterSeconds * 1000 - world.clock.nowMs });
      await world.run({ kind: 'ask', instance: last.instance, times: 1, atOnce: false });
      expect(world.turns.at(-1)?.outcome.allowed).toBe(true);
      comebacks += 1;
    }),
    runs,
  );
  expect(jumpsBack).toBeGreaterThan(100);
  expect(comebacks).toBeGreaterThan(20);
});

it('grants no more than the limit in a window that the clock comes back to, while the store answers', async () => {
  const plan = fc.array(fc.oneof({ weight: 3, arbitrary: ask }, { weight: 2, arbitrary: jump }), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(points, plan, async (limit, steps) => {
      const { turns } = await play(limit, instancesMax, steps);
      for (const window of byWindow(turns)) expect(allowed(window)).toBeLessThanOrEqual(limit);
    }),
    runs,
  );
});
