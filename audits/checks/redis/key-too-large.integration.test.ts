import { expect, test } from 'vitest';
import { plantedRedis } from '../../test/planted-redis.ts';
import check from './key-too-large.ts';

const redis = plantedRedis();

test.skipIf(redis.isMissing)('a value of exactly the declared size is examined and is no finding', async () => {
  await redis.command('set', 'cache:profile:ada', 'x'.repeat(16_384), 'EX', '60');
  expect(await redis.look(check)).toEqual({ examined: 1, findings: [] });
});

test.skipIf(redis.isMissing)('one byte more is named with its size, and the pasted fix removes it', async () => {
  await redis.command('set', 'cache:profile:bob', 'x'.repeat(16_385), 'EX', '60');
  const { findings } = await redis.look(check);
  expect(findings).toHaveLength(1);
  expect(findings[0]?.detail).toContain('more than the 16384 bytes it declares, the largest 16385: "cache:profile:bob"');
  await redis.paste(findings[0]?.fix ?? '');
  expect((await redis.look(check)).findings).toEqual([]);
});

test.skipIf(redis.isMissing)('a declared name that holds another type is named', async () => {
  await redis.command('hset', 'cache:profile:carol', 'a', '1');
  const { findings } = await redis.look(check);
  expect(findings).toMatchObject([{ subject: 'cache:profile:{username} has another type than the string it declares' }]);
  await redis.paste(findings[0]?.fix ?? '');
  expect((await redis.look(check)).findings).toEqual([]);
});
