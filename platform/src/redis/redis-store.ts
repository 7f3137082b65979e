/** The store on Redis 7.0 or newer. Loaded only when a Redis is configured. */
import { setTimeout } from 'node:timers/promises';
import { Redis, type Result } from 'ioredis';
import { createRedisBreaker } from './redis-breaker.ts';
import { createRedisHolds, holdScripts } from './redis-holds.ts';
import { commandTimeoutMs, redisOptions } from './redis-options.ts';
import { createRedisSubscriber } from './redis-subscriber.ts';
import type { Store } from './store.ts';

export interface RedisStoreOptions {
  readonly url: string;
  /** Connection and subscriber errors, as they come; the connections are repeated by themselves. */
  readonly onError?: (error: unknown) => void;
  readonly onStateChange?: (open: boolean) => void;
}

export interface RedisStore extends Store {
  /** True while every command fails at once. */
  isOpen(): boolean;
  /** Resolves with the first connection, or after the command timeout without one. Never rejects. */
  readonly connected: Promise<void>;
}

const readOnlyReconnectIntervalMs = 5000;

// One step, so that a count can never be left without its time to live.
const incrementScript = `
local count = redis.call('incrby', KEYS[1], ARGV[1])
if redis.call('pttl', KEYS[1]) < 0 then redis.call('expire', KEYS[1], ARGV[2]) end
return count`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    sanctumIncrement(key: string, by: number, ttlSeconds: number): Result<number, Context>;
  }
}

export function createRedisStore(options: RedisStoreOptions): RedisStore {
  const onError = options.onError ?? (() => {});
  const client = new Redis(options.url, {
    ...redisOptions('sanctum-store'),
    scripts: {
      sanctumIncrement: { lua: incrementScript, numberOfKeys: 1 },
      ...holdScripts,
    },
  });
  const subscriber = createRedisSubscriber({ url: options.url, onError });
  let readOnlySeenAt = Number.NEGATIVE_INFINITY;

  const breaker = createRedisBreaker({
    probe: () => client.ping(),
    onStateChange: (open) => {
      // Drops the unanswered commands with the socket: nothing piles up behind a stalled server.
      if (open && client.status === 'ready') client.disconnect(true);
      options.onStateChange?.(open);
    },
    onReadOnly: () => {
      const now = performance.now();
      if (now - readOnlySeenAt < readOnlyReconnectIntervalMs) return;
      readOnlySeenAt = now;
      // The address may lead to the new primary by now.
      client.disconnect(true);
    },
  });

  client.on('error', onError);
  const connected = Promise.race([client.connect().catch(onError), setTimeout(commandTimeoutMs, undefined, { ref: false })]);

  return {
    kind: 'redis',
    connected,
    isOpen: () => breaker.isOpen(),
    get: async (key) => (await breaker.run(() => client.get(key))) ?? undefined,
    set: async (key, value, ttlSeconds) => {
      await breaker.run(() => client.set(key, value, 'EX', ttlSeconds));
    },
    setIfAbsent: async (key, value, ttlSeconds) => (await breaker.run(() => client.set(key, value, 'EX', ttlSeconds, 'NX'))) === 'OK',
    take: async (key) => (await breaker.run(() => client.getdel(key))) ?? undefined,
    remove: async (keys) => {
      if (keys.length > 0) await breaker.run(() => client.unlink(...keys));
    },
    increment: (key, ttlSeconds, by = 1) => breaker.run(() => client.sanctumIncrement(key, by, ttlSeconds)),
    ...createRedisHolds({ client, run: (command) => breaker.run(command) }),
    publish: async (channel, message) => {
      await breaker.run(() => client.spublish(channel, message));
    },
    subscribe: subscriber.subscribe,
    ping: async () => {
      await breaker.run(() => client.ping());
    },
    close: async () => {
      breaker.close();
      subscriber.close();
      client.disconnect();
    },
  };
}
