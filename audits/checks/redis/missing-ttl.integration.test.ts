import { expect, test } from 'vitest';
import { plantedRedis } from '../../test/planted-redis.ts';
import check from './missing-ttl.ts';

const redis = plantedRedis();

test.skipIf(redis.isMissing)(
  'keys within their declared life are examined and are no finding; undeclared ones are not judged here',
  async () => {
    await redis.command('set', 'cache:profile:ada', '{}', 'EX', '60');
    await redis.command('set', 'rate_limit:register:a:1', '3', 'EX', '3600');
    await redis.command('set', 'nobody:declared:this', 'x');
    expect(await redis.look(check)).toEqual({ examined: 2, findings: [] });
  },
);

test.skipIf(redis.isMissing)('a key without an end is high, one beyond its end medium, and the pasted fixes help', async () => {
  await redis.command('set', 'cache:profile:ada', '{}');
  await redis.command('set', 'cache:feed:popular:hot:20', '{}', 'EX', '500');
  const { findings } = await redis.look(check);
  expect(findings).toMatchObject([
    { location: 'platform/src/identity.ts' },
    { location: 'platform/src/features/feeds/feeds.service.ts', severity: 'medium' },
  ]);
  expect(findings[0]?.detail).toContain('at most 60 s; 1 of its keys never expire: "cache:profile:ada"');
  for (const finding of findings) await redis.paste(finding.fix);
  expect((await redis.look(check)).findings).toEqual([]);
  expect(await redis.command('ttl', 'nobody:declared:this')).toBe(-1);
});

test.skipIf(redis.isMissing)('many keys are one finding whose fix reaches all of them', async () => {
  for (let id = 0; id < 40; id += 1) await redis.command('set', `cache:profile:u${id}`, '{}');
  const { findings } = await redis.look(check);
  expect(findings).toHaveLength(1);
  await redis.paste(findings[0]?.fix ?? '');
  expect((await redis.look(check)).findings).toEqual([]);
});
