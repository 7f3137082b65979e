import { Redis } from 'ioredis';
import { CouldNotLook } from '../check.ts';
import type { RedisTarget } from '../check.ts';
import { createMeasures } from './redis-measures.ts';

const connectTimeoutMs = 2_000;
const commandTimeoutMs = 3_000;

/** Commands that read; `config` and friends only with the listed subcommand. An audit never changes what it audits. */
const readOnlyCommands = new Set([
  'ping',
  'info',
  'dbsize',
  'exists',
  'type',
  'ttl',
  'pttl',
  'expiretime',
  'strlen',
  'llen',
  'scard',
  'zcard',
  'hlen',
  'xlen',
  'get',
  'scan',
  'lastsave',
  'time',
  'role',
  'hello',
  'config get',
  'client list',
  'client info',
  'memory usage',
  'memory stats',
  'memory doctor',
  'object encoding',
  'object idletime',
  'object freq',
  'slowlog get',
  'slowlog len',
  'latency latest',
  'latency history',
  'latency doctor',
  'acl whoami',
  'acl list',
  'acl getuser',
  'pubsub channels',
  'pubsub shardchannels',
  'pubsub numsub',
  'pubsub numpat',
  'command count',
  'cluster info',
]);

export interface OpenedRedis {
  readonly target: RedisTarget;
  close(): Promise<void>;
}

/** A read-only view of one Redis by URL. Throws `CouldNotLook` when it cannot be reached. */
export async function openRedis(url: string): Promise<OpenedRedis> {
  const client = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    connectionName: 'sanctum-audits',
  });
  let lastError: unknown;
  client.on('error', (error) => {
    lastError = error;
  });
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    client.disconnect();
    throw explain(lastError ?? error, url);
  }

  const command: RedisTarget['command'] = (name, ...values) => {
    const verb = name.toLowerCase();
    const long = `${verb} ${String(values[0] ?? '').toLowerCase()}`;
    if (!readOnlyCommands.has(verb) && !readOnlyCommands.has(long)) {
      throw new TypeError(`"${name}" is not a command that only reads; an audit may not send it.`);
    }
    return client.call(verb, ...values);
  };
  return {
    target: {
      command,
      info: async (section) => parseInfo(await client.info(...(section ? [section] : []))),
      page: (cursor, count) => page(client, cursor, count),
      measures: createMeasures(client),
    },
    close: async () => {
      client.disconnect();
    },
  };
}

async function page(client: Redis, cursor: string, count: number): Promise<{ next: string; keys: Buffer[] }> {
  const [next, keys] = await client.scanBuffer(cursor, 'COUNT', count);
  return { next: String(next), keys };
}

function parseInfo(text: string): Record<string, string> {
  const entries = text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const);
  return Object.fromEntries(entries);
}

/** `host:port/database` of a Redis URL, without credentials. */
export function redisLabel(url: string): string {
  try {
    const parsed = new URL(url);
    return `redis ${parsed.hostname}:${parsed.port || '6379'}${parsed.pathname === '/' ? '' : parsed.pathname}`;
  } catch {
    return 'redis (the URL cannot be read)';
  }
}

function explain(error: unknown, url: string): CouldNotLook {
  const message = error instanceof Error ? error.message : String(error);
  const fix = /WRONGPASS|NOAUTH/.test(message)
    ? 'Correct the password in REDIS_URL (redis://:password@host:6379).'
    : 'Start Redis, correct REDIS_URL, or remove REDIS_URL: Sanctum then uses its in-process driver.';
  return new CouldNotLook(`${redisLabel(url)} cannot be read: ${message.replace(/\.$/, '') || 'no answer'}.`, { fix, cause: error });
}
