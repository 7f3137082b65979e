import { isPrintable } from '@sanctum/migrations/printable';
import { expect, test } from 'vitest';
import { plantedRedis } from '../../test/planted-redis.ts';
import check from './unknown-key-pattern.ts';

const redis = plantedRedis();

async function found(): Promise<string[]> {
  return (await redis.look(check)).findings.map((finding) => finding.subject).toSorted();
}

test.skipIf(redis.isMissing)('declared keys are examined and are no finding', async () => {
  await redis.command('set', 'cache:feed:popular:hot:20', '{}', 'EX', '5000');
  await redis.command('set', 'cache:profile:ada', '{}', 'EX', '60');
  await redis.command('set', 'rate_limit:auth:address%3A127.0.0.1:29000', '3', 'EX', '60');
  expect(await redis.look(check)).toEqual({ examined: 3, findings: [] });
});

test.skipIf(redis.isMissing)(
  'a key that nobody declared is named with its writer, and the pasted fix removes it and nothing else',
  async () => {
    const odd = `my key's [1]*?`;
    await redis.command('set', odd, 'x');
    await redis.command('set', 'bull:mail:17', 'x');
    await redis.command('set', 'cache:feed:popular:hot', 'x');
    const { findings } = await redis.look(check);
    expect(findings.map((finding) => finding.subject).toSorted()).toEqual(['bull:mail:17', 'cache:feed:popular:hot', odd].toSorted());
    expect(findings.find((finding) => finding.subject === 'bull:mail:17')?.detail).toContain('BullMQ');
    expect(findings.find((finding) => finding.subject === 'cache:feed:popular:hot')?.detail).toContain('feeds.service.ts');
    for (const finding of findings) await redis.paste(finding.fix);
    expect(await found()).toEqual([]);
    expect(await redis.command('dbsize')).toBe(3);
  },
);

test.skipIf(redis.isMissing)(
  'many keys of one shape are one finding, and its fix spares declared keys that the glob would hit',
  async () => {
    for (let id = 0; id < 50; id += 1) await redis.command('set', `cache:feed:x${id}:y${id}`, 'x');
    const { examined, findings } = await redis.look(check);
    expect(examined).toBe(53);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.subject).toBe('cache:feed:*:*');
    expect(findings[0]?.detail).toContain('and 47 more');
    await redis.paste(findings[0]?.fix ?? '');
    expect(await found()).toEqual([]);
    expect(await redis.command('exists', 'cache:feed:popular:hot:20')).toBe(1);
  },
);

test.skipIf(redis.isMissing)('keys with names that a terminal would obey are removed by a fix that shows nothing hidden', async () => {
  const hostile = ['line\nend', '\u001b[2Jclear', '\u202egnp', 'zero\u200bwidth', '$(touch owned)', 'quote\'\n"both"'];
  for (const key of hostile) await redis.command('set', key, 'x');
  const { findings } = await redis.look(check);
  expect(findings).toHaveLength(hostile.length);
  for (const { fix } of findings) {
    for (const line of fix.split('\n')) expect(isPrintable(line)).toBe(true);
    await redis.paste(fix);
  }
  expect(await found()).toEqual([]);
});

test.skipIf(redis.isMissing)('a key under the name of a channel is undeclared', async () => {
  await redis.command('set', 'cache_drops', 'x');
  expect(await found()).toEqual(['cache_drops']);
  await redis.command('del', 'cache_drops');
});

test.skipIf(redis.isMissing)('a Redis that is refused, stalled or gone is no pass', async () => {
  redis.stall();
  await expect(redis.look(check)).rejects.toMatchObject({ name: 'CouldNotLook' });
  redis.resume();
  expect(await found()).toEqual([]);
  await redis.kill();
  await expect(redis.look(check)).rejects.toMatchObject({ name: 'CouldNotLook' });
});
