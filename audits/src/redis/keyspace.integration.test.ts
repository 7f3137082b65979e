import { isPrintable } from '@sanctum/migrations/printable';
import { beforeEach, expect, test } from 'vitest';
import unknownKeyPattern from '../../checks/redis/unknown-key-pattern.ts';
import { plantedRedis } from '../../test/planted-redis.ts';
import type { CheckReport } from '../review.ts';
import { runChecks } from '../runner.ts';
import { openRedis } from '../targets/redis.ts';
import { walkKeyspace } from './keyspace.ts';

const redis = plantedRedis();
const keyChecks = ['redis/unknown-key-pattern', 'redis/missing-ttl', 'redis/key-too-large'];

beforeEach(async () => {
  if (!redis.isMissing) await redis.command('flushall');
});

/** `count` keys of one shape, planted by the server itself: `{id}` of the name is their number. */
async function plant(name: string, count: number, life = '60'): Promise<void> {
  const script = `
    for id = 1, tonumber(ARGV[2]) do
      local name = string.gsub(ARGV[1], '{id}', tostring(id))
      if ARGV[3] == '' then redis.call('set', name, 'x') else redis.call('set', name, 'x', 'EX', ARGV[3]) end
    end`;
  await redis.command('eval', script, '0', name, String(count), life);
}

async function audit(url = redis.url(), ids?: readonly string[]): Promise<readonly CheckReport[]> {
  return (await runChecks({ ...(ids ? { ids } : { groups: ['redis'] }), target: { redisUrl: url } })).checks;
}

/** Calls of a command since the last `config resetstat`. */
async function calls(command: string): Promise<number> {
  const stats = String(await redis.command('info', 'commandstats'));
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

test.skipIf(redis.isMissing)(
  'all Redis checks together walk the keys once, and ask each declared key two things in one message a page',
  async () => {
    await plant('cache:profile:u{id}', 4_000);
    await plant('nobody:{id}', 2_000);
    await redis.command('config', 'resetstat');
    const reports = await audit();
    const pages = await calls('scan');
    const byId = new Map(reports.map((report) => [report.id, report]));
    expect(byId.get('redis/unknown-key-pattern')).toMatchObject({ examined: 6_000, findings: [{ subject: 'nobody:*' }] });
    expect(byId.get('redis/missing-ttl')).toMatchObject({ outcome: 'pass', examined: 4_000 });
    expect(byId.get('redis/key-too-large')).toMatchObject({ outcome: 'pass', examined: 4_000 });
    // SCAN visits places, and may pass a few more than there are keys.
    expect(pages).toBeLessThan((6_000 / 250) * 1.5);
    expect(await calls('eval_ro')).toBeLessThanOrEqual(pages);
    expect(await calls('pttl')).toBe(4_000);
    expect(await calls('strlen')).toBe(4_000);
  },
);

test.skipIf(redis.isMissing)('where the server refuses scripts, plain commands find the same', async () => {
  await plant('cache:profile:u{id}', 30, '');
  await redis.command('hset', 'cache:profile:carol', 'a', '1');
  await redis.command('acl', 'setuser', 'plain', 'reset', 'on', '>secret', '~*', '&*', '+@all', '-eval_ro');
  await redis.command('config', 'resetstat');
  const found = (reports: readonly CheckReport[]) => reports.flatMap((report) => report.findings.map((finding) => finding.fingerprint));
  const plain = found(await audit(redis.url({ name: 'plain', password: 'secret' }), keyChecks));
  expect(plain).toHaveLength(2);
  expect(plain).toEqual(found(await audit(redis.url(), keyChecks)));
});

test.skipIf(redis.isMissing)(
  'a user who may not measure keys gets errors that say what to allow, and still the undeclared names',
  async () => {
    await plant('cache:profile:u{id}', 300);
    await redis.command('set', 'nobody', 'x');
    await redis.command('acl', 'setuser', 'blind', 'reset', 'on', '>secret', '~*', '&*', '+@all', '-strlen');
    const reports = await audit(redis.url({ name: 'blind', password: 'secret' }), keyChecks);
    for (const report of reports.filter(({ id }) => id !== 'redis/unknown-key-pattern')) {
      expect(report.outcome).toBe('error');
      expect(report.error?.fix).toContain('acl setuser <name> +strlen');
    }
    expect(reports.find(({ id }) => id === 'redis/unknown-key-pattern')).toMatchObject({
      outcome: 'fail',
      examined: 301,
      findings: [{ subject: 'nobody' }],
    });
  },
);

test.skipIf(redis.isMissing)('a walk past its time says of how many keys it saw how many, and keeps what it found', async () => {
  await plant('nobody:{id}', 2_000);
  const opened = await openRedis(redis.url());
  try {
    const seen = await walkKeyspace(opened.target, 0);
    expect(seen.examined).toBeGreaterThan(0);
    expect(seen.examined).toBeLessThan(2_000);
    expect(seen.notLooked?.message).toContain(`Looked at ${seen.examined} of about 2000 keys.`);
    expect(seen.undeclared).toMatchObject([{ pattern: 'nobody:*', count: seen.examined }]);
  } finally {
    await opened.close();
  }
});

test.skipIf(redis.isMissing)(
  'keys that differ only in bytes that are no UTF-8 are told apart, and the pasted fixes remove each',
  async () => {
    const script = String.raw`for _, name in ipairs({'a\255', 'a\254', 'a\239\191\189', '\255b\000c'}) do redis.call('set', name, 'x') end`;
    await redis.command('eval', script, '0');
    const { findings } = await redis.look(unknownKeyPattern);
    expect(new Set(findings.map((finding) => finding.fingerprint)).size).toBe(4);
    expect(findings.map((finding) => finding.detail).join(' ')).toContain(String.raw`"a\udcff"`);
    for (const { fix } of findings) {
      expect(fix.split('\n').every(isPrintable)).toBe(true);
      await redis.paste(fix);
    }
    expect(await redis.command('dbsize')).toBe(0);
  },
);

test.skipIf(redis.isMissing)('many keys of one shape with hidden bytes are one finding whose fix reaches all of them', async () => {
  const script = String.raw`for id = 1, 60 do redis.call('set', '\172\237\000\005t\000\nuser:' .. id .. '\255\n"', 'x') end`;
  await redis.command('eval', script, '0');
  await redis.command('set', 'cache:profile:ada', '{}', 'EX', '60');
  const { findings } = await redis.look(unknownKeyPattern);
  expect(findings).toHaveLength(1);
  expect(findings[0]?.fix.split('\n').every(isPrintable)).toBe(true);
  await redis.paste(findings[0]?.fix ?? '');
  expect(await redis.command('dbsize')).toBe(1);
});

test.skipIf(redis.isMissing)('a star that keys hold themselves reaches no key of others', async () => {
  await plant('*:*:*:{id}', 30);
  await redis.command('set', 'rate_limit:auth:ada:1', '1', 'EX', '60');
  const { findings } = await redis.look(unknownKeyPattern);
  expect(findings).toHaveLength(1);
  await redis.paste(findings[0]?.fix ?? '');
  expect(await redis.command('exists', 'rate_limit:auth:ada:1')).toBe(1);
  expect(await redis.command('dbsize')).toBe(1);
});

test.skipIf(redis.isMissing)('a Redis that goes silent in the middle of the walk leaves what was seen, and no pass', async () => {
  await plant('nobody:{id}', 2_000);
  const opened = await openRedis(redis.url());
  try {
    let pages = 0;
    const page: typeof opened.target.page = async (cursor, count) => {
      pages += 1;
      if (pages > 2) throw new Error('Command timed out');
      return opened.target.page(cursor, count);
    };
    const seen = await walkKeyspace({ ...opened.target, page });
    expect(seen.examined).toBeGreaterThan(0);
    expect(seen.undeclared).toMatchObject([{ pattern: 'nobody:*', count: seen.examined }]);
    expect(seen.notLooked?.message).toContain(`Command timed out. Looked at ${seen.examined} of about 2000 keys.`);
    pages = 2;
    await expect(walkKeyspace({ ...opened.target, page })).rejects.toMatchObject({ name: 'CouldNotLook' });
  } finally {
    await opened.close();
  }
});
