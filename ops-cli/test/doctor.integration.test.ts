import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plants } from './doctor/plants.ts';
import { createStack } from './doctor/stack.ts';
import type { DoctorStack } from './doctor/stack.ts';

const timeoutMs = 120_000;
const isWhole = process.env['DOCTOR_CORPUS'] === 'whole';
const repositoryRoot = join(import.meta.dirname, '../..');
let stack: DoctorStack;

beforeAll(async () => {
  // Small enough that a crowd of a few dozen is too many, and no limit per address in its way.
  stack = await createStack({ DATABASE_POOL_MAX: '3', DATABASE_WAITERS_MAX: '8', RATE_LIMIT_FACTOR: '1000000' });
  await stack.up();
}, timeoutMs);

afterAll(() => stack.close(), timeoutMs);

async function expectCalm(): Promise<void> {
  const { code, stdout } = await stack.ops('doctor');
  expect(stdout.trimEnd()).toMatch(/^healthy: [^\n]+$/);
  expect(code).toBe(0);
}

test('a healthy stack is one calm line', expectCalm, timeoutMs);

test('the corpus has every fault that must be in each run', () => {
  const named = plants.filter((plant) => plant.named).map((plant) => plant.first);
  expect(new Set(named)).toEqual(
    new Set([
      'redis-full',
      'redis-read-only',
      'redis-paused',
      'database-read-only',
      'database-timeout-too-short',
      'index-missing',
      'jobs-dead',
      'secrets-differ',
      'clock-off',
      'overload',
    ]),
  );
});

test.each(plants.filter((plant) => isWhole || plant.named))(
  '$name: $first is named first, its next command cures it, and then all is calm',
  async ({ first, plant, whilePasting }) => {
    const end = await plant(stack);
    try {
      const { causes, code } = await stack.doctor();
      const cause = causes[0];
      expect(cause?.id, JSON.stringify(causes, null, 2)).toBe(first);
      expect(code).toBe(1);
      expect(causes.map((one) => one.id)).toEqual([first]);
      expect(existsSync(join(repositoryRoot, cause?.runbook ?? 'absent'))).toBe(true);
      const pasted = stack.paste(cause?.next ?? 'false');
      whilePasting?.();
      const { code: pastedCode, stdout, stderr } = await pasted;
      expect(pastedCode, `${cause?.next}\n${stdout}${stderr}`).toBe(0);
      await expectCalm();
    } finally {
      await end?.();
    }
  },
  timeoutMs,
);

test(
  'errors of the past are no cause: right after them doctor is calm',
  async () => {
    const line = {
      level: 'error',
      time: new Date().toISOString(),
      message: 'request failed',
      error: { message: 'terminating connection' },
    };
    appendFileSync(join(stack.home, 'logs/platform.log'), `${JSON.stringify(line)}\n`);
    writeFileSync(
      join(stack.home, 'run/last-failure.json'),
      JSON.stringify({ at: line.time, port: stack.port, step: 'platform', code: 'LOCAL_COMMAND_FAILED', message: 'it ended', fix: 'none' }),
    );
    await expectCalm();
  },
  timeoutMs,
);

test(
  'a cure changes nothing in a dry run, and nothing that is not broken',
  async () => {
    await stack.sql('drop index idx_post_ranks_popular_new');
    const dry = await stack.ops('doctor', '--cure', 'index-missing', '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.stderr).toContain('create index concurrently idx_post_ranks_popular_new');
    const unasked = await stack.ops('doctor', '--cure', 'index-missing', '--no-input');
    expect(unasked.code).toBe(2);
    expect((await stack.doctor()).causes.map((cause) => cause.id)).toEqual(['index-missing']);
    expect((await stack.ops('doctor', '--cure', 'index-missing', '--yes')).stdout).toContain('cured: index-missing');
    expect((await stack.ops('doctor', '--cure', 'index-missing', '--yes')).stdout).toContain('nothing to cure');
  },
  timeoutMs,
);

test(
  'a database given by its address alone is looked at, and a role that may only read is "could not look"',
  async () => {
    const { databaseUrl } = stack.addresses();
    const mine = await stack.ops('doctor', '--database-url', databaseUrl);
    expect(mine.stdout.trimEnd()).toMatch(/^healthy: [^\n]+$/);
    await stack.sql(`create role looker login password 'looker' in role pg_read_all_data, pg_monitor`);
    const url = new URL(databaseUrl);
    url.username = 'looker';
    url.password = 'looker';
    const { code, stdout } = await stack.ops('doctor', '--database-url', url.href, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ healthy: false, causes: [], couldNotLook: [{ name: 'writing to the database' }] });
    expect(code).toBe(3);
  },
  timeoutMs,
);

test(
  'no secret is printed, whatever is broken, and a stack that was stopped on purpose is calm',
  async () => {
    const secrets = readFileSync(join(stack.home, 'secrets.env'), 'utf8')
      .split('\n')
      .flatMap((line) => line.split('=')[1] ?? []);
    expect(secrets.length).toBeGreaterThan(3);
    const { stdout, stderr } = await stack.ops('doctor', '--json');
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
    await stack.ops('down');
    const stopped = await stack.ops('doctor');
    expect(stopped.stdout.trimEnd()).toMatch(/^stopped on purpose[^\n]+$/);
    expect(stopped.code).toBe(0);
  },
  timeoutMs,
);
