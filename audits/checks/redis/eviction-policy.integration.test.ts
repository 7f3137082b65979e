import { keyCatalogue } from '@sanctum/platform/redis/keys';
import { expect, test } from 'vitest';
import { plantedRedis } from '../../test/planted-redis.ts';
import check, { judgeMemory } from './eviction-policy.ts';

const redis = plantedRedis();
const durable = keyCatalogue.map((key) => ({ ...key, durable: true }));

test.skipIf(redis.isMissing)('a Redis without a memory limit is named, and the pasted fix helps', async () => {
  const { examined, findings } = await redis.look(check);
  expect(examined).toBeGreaterThan(0);
  expect(findings).toMatchObject([{ subject: 'maxmemory', severity: 'medium' }]);
  await redis.paste((findings[0]?.fix ?? '').replace(/ && .*/, ''));
  expect((await redis.look(check)).findings).toEqual([]);
});

test.skipIf(redis.isMissing)('memory that is nearly full and evicts nothing is named, and gone with an eviction policy', async () => {
  const used = /used_memory:(\d+)/.exec(String(await redis.command('info', 'memory')))?.[1];
  await redis.command('config', 'set', 'maxmemory', String(used));
  expect((await redis.look(check)).findings).toMatchObject([{ subject: 'memory nearly full' }]);
  await redis.command('config', 'set', 'maxmemory-policy', 'allkeys-lru');
  expect((await redis.look(check)).findings).toEqual([]);
  await redis.command('config', 'set', 'maxmemory', '0');
});

test('eviction is critical as soon as one declared key may not be lost, and fine while none is', () => {
  const memory = { policy: 'allkeys-lru', maxBytes: 1_000, usedBytes: 10 };
  expect(keyCatalogue.some((key) => key.durable)).toBe(false);
  expect(judgeMemory(durable, memory)).toMatchObject([{ subject: 'maxmemory-policy', severity: 'critical' }]);
  expect(judgeMemory(durable, { ...memory, policy: 'volatile-ttl' })).toHaveLength(1);
  expect(judgeMemory(durable, { ...memory, policy: 'noeviction' })).toEqual([]);
  expect(judgeMemory(keyCatalogue, memory)).toEqual([]);
});
