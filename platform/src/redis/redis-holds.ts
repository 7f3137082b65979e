/** Who holds which keys, in sorted sets by the moment at which each hold ends: commands of the store on Redis. */
import type { Redis, Result } from 'ioredis';
import type { Store } from './store.ts';

// By the clock of the server, which is the same for all instances. A key lives as long as its last hold.
const nowMs = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;
const holdScript = `${nowMs}
for _, key in ipairs(KEYS) do
  redis.call('zremrangebyscore', key, '-inf', now)
  redis.call('zadd', key, now + ARGV[2] * 1000, ARGV[1])
  redis.call('expire', key, ARGV[2])
end`;
const releaseScript = `for _, key in ipairs(KEYS) do redis.call('zrem', key, ARGV[1]) end`;
const heldScript = `${nowMs}
local held = {}
for index, key in ipairs(KEYS) do held[index] = redis.call('zcount', key, '(' .. now, '+inf') end
return held`;

/** Commands that the client has to know. */
export const holdScripts = {
  sanctumHold: { lua: holdScript },
  sanctumRelease: { lua: releaseScript },
  sanctumHeld: { lua: heldScript, readOnly: true },
};

declare module 'ioredis' {
  interface RedisCommander<Context> {
    sanctumHold(keys: number, ...keysHolderAndTtl: (string | number)[]): Result<null, Context>;
    sanctumRelease(keys: number, ...keysAndHolder: string[]): Result<null, Context>;
    sanctumHeld(keys: number, ...keysAsked: string[]): Result<number[], Context>;
  }
}

export interface RedisHoldsDependencies {
  readonly client: Redis;
  /** Within the time of a command, and not while the server is away. */
  readonly run: <T>(command: () => Promise<T>) => Promise<T>;
}

export function createRedisHolds({ client, run }: RedisHoldsDependencies): Pick<Store, 'hold' | 'release' | 'areHeld'> {
  return {
    hold: async (keys, holder, ttlSeconds) => {
      if (keys.length > 0) await run(() => client.sanctumHold(keys.length, ...keys, holder, ttlSeconds));
    },
    release: async (keys, holder) => {
      if (keys.length > 0) await run(() => client.sanctumRelease(keys.length, ...keys, holder));
    },
    areHeld: async (keys) => {
      if (keys.length === 0) return [];
      return (await run(() => client.sanctumHeld(keys.length, ...keys))).map((holders) => holders > 0);
    },
  };
}
