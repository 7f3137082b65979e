import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireTool } from '../test/harness/tools.ts';
import { createLocalRedis, findRedisServer } from './redis.ts';
import type { LocalRedis } from './redis.ts';

const program = requireTool('redis-server');
let folder: string;
let redis: LocalRedis;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanctum-redis-'));
  redis = createLocalRedis({
    server: program,
    dataDir: join(folder, 'redis'),
    logFile: join(folder, 'redis.log'),
    password: 'secret-of-the-test',
  });
});

afterEach(async () => {
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function withClient<T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { maxRetriesPerRequest: 1 });
  client.on('error', () => undefined); // The rejected command carries it.
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

test.skipIf(program === undefined)('it wants a password, never evicts and keeps an append-only file', async () => {
  const { url } = await redis.start();
  const wrong = new URL(url);
  wrong.password = 'wrong';
  await expect(withClient(wrong.href, (client) => client.ping())).rejects.toThrow(/WRONGPASS|NOAUTH/);
  const settings = await withClient(url, async (client) => [
    await client.config('GET', 'maxmemory-policy'),
    await client.config('GET', 'appendonly'),
    await client.config('GET', 'bind'),
  ]);
  expect(JSON.stringify(settings)).toMatch(/noeviction.*yes.*127\.0\.0\.1/);
  expect(statSync(join(folder, 'redis/redis.conf')).mode & 0o077).toBe(0);
});

test.skipIf(program === undefined)('after kill -9 the next start serves the same data', async () => {
  const { url, pid } = await redis.start();
  await withClient(url, async (client) => {
    await client.set('kept', 'yes');
    await client.config('SET', 'appendfsync', 'always');
    await client.set('kept:too', 'yes');
  });
  process.kill(pid, 'SIGKILL');
  const again = await redis.start();
  expect(again).toMatchObject({ alreadyRunning: false });
  expect(await withClient(again.url, (client) => client.mget('kept', 'kept:too'))).toEqual(['yes', 'yes']);
});

test.skipIf(program === undefined)('starting twice gives the same server, and stopping twice is harmless', async () => {
  const first = await redis.start();
  expect(await redis.start()).toMatchObject({ pid: first.pid, alreadyRunning: true });
  expect(await redis.stop()).toBe('stopped');
  expect(await redis.stop()).toBe('absent');
  expect((await redis.status()).state).toBe('stopped');
});

test.skipIf(program === undefined)('beside a server that lives and does not answer no second one is started on its data', async () => {
  const impatient = createLocalRedis({
    server: program,
    dataDir: join(folder, 'redis'),
    logFile: join(folder, 'redis.log'),
    password: 'secret-of-the-test',
    startTimeoutMs: 100,
  });
  const { pid } = await redis.start();
  process.kill(pid, 'SIGSTOP');
  try {
    await expect(impatient.start()).rejects.toMatchObject({ code: 'REDIS_START_TIMEOUT', message: expect.stringContaining(String(pid)) });
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  expect(await redis.start()).toMatchObject({ pid, alreadyRunning: true });
});

test('without a program the error says how to get one', async () => {
  const none = createLocalRedis({ server: undefined, dataDir: join(folder, 'none'), logFile: join(folder, 'none.log'), password: 'x' });
  await expect(none.start()).rejects.toMatchObject({ code: 'REDIS_BINARY_MISSING' });
  expect(findRedisServer({ path: folder, toolsDir: folder })).toBeUndefined();
});
