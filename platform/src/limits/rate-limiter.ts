/**
 * Counts requests per caller in fixed windows of the clock, shared by all instances through the store.
 *
 * A process does not ask the store for every request: it leases a batch of points and spends it by itself, so a warm
 * caller costs about one round trip per twentieth of its limit. The store's counter only ever moves up before a lease is
 * spent, so all instances together never grant more than the limit in one window while the store answers. The price is
 * in the other direction: a caller who wanders between N instances may be refused up to (N − 1) × (batch − 1) points early.
 *
 * Without the store each process holds the limit by itself, counting on from what it granted in this window: N
 * instances then grant at most N times the limit, never more per process. There is no state in which nothing is counted.
 */
import { LRUCache } from 'lru-cache';
import { rateLimitKey } from '../redis/keys.ts';
import type { Store } from '../redis/store.ts';
import { type RateLimit, rateLimits, scaledLimits } from './rate-limits.ts';

export interface LimitOutcome {
  readonly allowed: boolean;
  readonly limit: number;
  /** Points this process knows to be left in the window. */
  readonly remaining: number;
  /** Seconds until the window ends, at least 1. */
  readonly retryAfterSeconds: number;
}

export interface RateLimiter<Name extends string> {
  /** Takes one point. Never throws, never waits longer than one store command. */
  consume(limitName: Name, callerKey: string): Promise<LimitOutcome>;
  /** The same without waiting; undefined when the store has to be asked first: call consume then. */
  consumeLocally(limitName: Name, callerKey: string): LimitOutcome | undefined;
  /** Gives one point back, for limits that count only failures. */
  refund(limitName: Name, callerKey: string): void;
}

export interface RateLimiterDependencies<Name extends string> {
  readonly store: Store;
  readonly limits: Readonly<Record<Name, RateLimit>>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Callers held in memory; the least recently seen leaves first. */
  readonly callersMax?: number;
  /** A lease was taken: from the store, or locally because the store was away. */
  readonly onLease?: (event: { readonly limit: Name; readonly source: 'store' | 'local' }) => void;
}

interface Window {
  readonly number: number;
  readonly endsAtMs: number;
  readonly key: string;
  /** Points leased and not yet spent. */
  leased: number;
  /** Points this process was ever given in this window. */
  granted: number;
  /** What is left for everyone, as of the last answer. */
  left: number;
  exhausted: boolean;
  waiting: number;
  refill: Promise<void> | undefined;
}

const callersMaxDefault = 50_000;
const batchesPerWindow = 20;
const refillRoundsMax = 4;

/** The limiter of the platform's own limits. */
export function createPlatformRateLimiter(options: {
  readonly store: Store;
  readonly factor: number;
}): RateLimiter<keyof typeof rateLimits> {
  return createRateLimiter({ store: options.store, limits: scaledLimits(rateLimits, options.factor) });
}

/** The window that a caller of a limit is in. */
function createWindows<Name extends string>({ limits, now = Date.now, callersMax = callersMaxDefault }: RateLimiterDependencies<Name>) {
  // Not `max`: that would reserve all places at the start, for 12 ms.
  const windows = new LRUCache<string, Window>({ maxSize: callersMax, sizeCalculation: () => 1 });

  return (name: Name, caller: string): Window => {
    const id = `${name} ${caller}`;
    const current = windows.get(id);
    const time = now();
    const windowMs = limits[name].windowSeconds * 1000;
    const number = Math.floor(time / windowMs);
    // Not only until it ends: after a clock was set back, a window of the future would keep its callers out that long.
    if (current?.number === number) return current;
    const key = rateLimitKey.build(name, caller, number);
    const fresh: Window = {
      number,
      endsAtMs: (number + 1) * windowMs,
      key,
      leased: 0,
      granted: 0,
      left: limits[name].points,
      exhausted: false,
      waiting: 0,
      refill: undefined,
    };
    windows.set(id, fresh);
    return fresh;
  };
}

export function createRateLimiter<Name extends string>(options: RateLimiterDependencies<Name>): RateLimiter<Name> {
  const { store, limits, now = Date.now } = options;
  const windowOf = createWindows(options);

  function outcome(name: Name, window: Window, allowed: boolean): LimitOutcome {
    const retryAfterSeconds = Math.max(1, Math.ceil((window.endsAtMs - now()) / 1000));
    return { allowed, limit: limits[name].points, remaining: allowed ? window.left + window.leased : 0, retryAfterSeconds };
  }

  function spend(name: Name, window: Window): LimitOutcome | undefined {
    if (window.leased > 0) {
      window.leased -= 1;
      return outcome(name, window, true);
    }
    return window.exhausted ? outcome(name, window, false) : undefined;
  }

  async function refill(name: Name, window: Window): Promise<void> {
    const { points, windowSeconds } = limits[name];
    const ask = Math.max(batchOf(points, window.left), window.waiting);
    const own = points - window.granted;
    try {
      const total = await store.increment(window.key, windowSeconds, ask);
      // After a flush the counter starts again; a process still grants no more than the limit by itself.
      grant(window, Math.min(points - (total - ask), own), ask);
      window.left = Math.min(points - total, points - window.granted);
      options.onLease?.({ limit: name, source: 'store' });
    } catch {
      // The store is away, which its own events report: the process holds the limit by itself.
      grant(window, own, ask);
      window.left = points - window.granted;
      options.onLease?.({ limit: name, source: 'local' });
    }
    window.left = Math.max(0, window.left);
  }

  return {
    consumeLocally: (name, caller) => spend(name, windowOf(name, caller)),
    consume: async (name, caller) => {
      const window = windowOf(name, caller);
      window.waiting += 1;
      try {
        for (let round = 1; round <= refillRoundsMax; round += 1) {
          const done = spend(name, window);
          if (done !== undefined) return done;
          window.refill ??= refill(name, window).finally(() => (window.refill = undefined));
          await window.refill;
        }
        return spend(name, window) ?? outcome(name, window, false);
      } finally {
        window.waiting -= 1;
      }
    },
    refund: (name, caller) => {
      const window = windowOf(name, caller);
      if (window.granted > window.leased) window.leased += 1;
    },
  };
}

/** A twentieth of the limit, and less when little is left, so that instances do not strand each other's points. */
function batchOf(points: number, left: number): number {
  return Math.max(1, Math.min(Math.floor(points / batchesPerWindow), Math.ceil(left / 4)));
}

function grant(window: Window, available: number, ask: number): void {
  const given = Math.max(0, Math.min(available, ask));
  window.leased += given;
  window.granted += given;
  if (given < ask) window.exhausted = true;
}
