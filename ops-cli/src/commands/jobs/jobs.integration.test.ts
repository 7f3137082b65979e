import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScratchDatabase, type ScratchDatabase } from '../../../../migrations/test/scratch.ts';
import { createTestDatabase, type TestDatabase } from '../../../../platform/test/harness/test-database.ts';
import { runCli } from '../../../test/run-cli.ts';
import type { JobsDocument } from './jobs.document.ts';

let database: TestDatabase;
let home: string;
beforeAll(async () => {
  database = await createTestDatabase();
  home = mkdtempSync(join(tmpdir(), 'sanctum-jobs-'));
});
afterAll(() => database.close());
beforeEach(() => database.client.query('delete from graphile_worker._private_jobs'));

const jobs = (...argv: string[]) => runCli(['jobs', ...argv, '--database-url', database.url], { env: { SANCTUM_HOME: home } });
async function list(...argv: string[]): Promise<JobsDocument> {
  const { code, stdout, stderr } = await jobs('list', '--json', ...argv);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as JobsDocument;
}

interface Planted {
  readonly attempts?: number;
  readonly locked?: boolean;
  readonly error?: string;
  readonly data?: object;
}

async function plant(name: string, { attempts = 0, locked = false, error, data = {} }: Planted = {}): Promise<string> {
  const { rows } = await database.client.query<{ id: string }>(
    `select (graphile_worker.add_job($1, $2::json, max_attempts := 3)).id::text as id`,
    [name, JSON.stringify({ meta: { requestId: 'abc123' }, data })],
  );
  const id = rows[0]?.id ?? '';
  await database.client.query(
    `update graphile_worker._private_jobs set attempts = $2, last_error = $3,
       locked_at = case when $4 then now() end, locked_by = case when $4 then 'worker' end where id = $1`,
    [id, attempts, error ?? null, locked],
  );
  return id;
}

const statesOf = ({ jobs: listed }: JobsDocument) => listed.map(({ id, state }) => [id, state]);

describe('sanctum-ops jobs list', () => {
  it('tells every state, dead ones first, and filters by state and name', async () => {
    const waiting = await plant('notify');
    const running = await plant('notify', { locked: true, attempts: 1 });
    const failed = await plant('notify', { attempts: 1, error: 'Error: planted' });
    const dead = await plant('sweep_all', { attempts: 3, error: 'Error: planted' });
    const all = await list();
    expect(all.counts).toEqual({ waiting: 1, running: 1, failed: 1, dead: 1 });
    expect(statesOf(all)).toEqual([
      [dead, 'dead'],
      [running, 'running'],
      [failed, 'failed'],
      [waiting, 'waiting'],
    ]);
    expect(statesOf(await list('--state', 'failed'))).toEqual([[failed, 'failed']]);
    const named = await list('--name', 'sweep_all');
    expect([statesOf(named), named.counts.waiting]).toEqual([[[dead, 'dead']], 0]);
    expect(await list('--limit', '2')).toMatchObject({ hasMore: true });
    const { stdout } = await jobs('list');
    expect(stdout).toContain('1 waiting, 1 running, 1 failed, 1 dead');
  });

  it('shows ids of what a job is told, and nothing else of it', async () => {
    await plant('notify', {
      attempts: 3,
      error: 'Error: Key (email)=(ada@example.org) says "hidden-words" and {"token":"hidden-token"}\n    at hidden-stack',
      data: { kind: 'comment', commentId: '12', body: 'hidden-body', nested: { userId: '7' }, secretId: 'hidden-id' },
    });
    const { jobs: listed } = await list();
    expect(listed[0]).toMatchObject({ subject: { commentId: '12' }, requestId: 'abc123', attempts: 3, attemptsMax: 3 });
    for (const { stdout } of [await jobs('list'), await jobs('list', '--json')]) {
      expect(stdout).toContain('12');
      expect(stdout).not.toMatch(/hidden|ada@example/);
    }
  });

  it('prints names that a terminal would obey as text', async () => {
    await plant('evil\u001b[31m\nname');
    const { code, stdout } = await jobs('list');
    expect([code, stdout.includes('\u001b')]).toEqual([0, false]);
  });

  it('could not look where there is no queue or no server, and says what to do', async () => {
    const empty: ScratchDatabase = await createScratchDatabase();
    const noQueue = await runCli(['jobs', 'list', '--database-url', empty.url]);
    expect(noQueue).toMatchObject({ code: 3, stderr: expect.stringContaining('no queue') });
    await empty.close();
    const nobody = await runCli(['jobs', 'list', '--database-url', 'postgres://a:b@127.0.0.1:1/c']);
    expect(nobody).toMatchObject({ code: 3, stderr: expect.stringContaining('doctor') });
    expect(await jobs('list', '--state', 'lost')).toMatchObject({ code: 2 });
    expect(await jobs('list', '--limit', '0')).toMatchObject({ code: 2 });
  });
});

describe('sanctum-ops jobs retry and discard', () => {
  it('gives dead ones one more attempt at once, and leaves alone what a worker holds', async () => {
    const [dead, held] = [await plant('notify', { attempts: 3 }), await plant('notify', { locked: true, attempts: 1 })];
    const { code, stdout } = await jobs('retry', dead, held, '999999', '--yes', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { done: [dead], left: [held, '999999'], dryRun: false }]);
    const { rows } = await database.client.query('select attempts, run_at <= now() as due from graphile_worker.jobs where id = $1', [dead]);
    expect(rows).toEqual([{ attempts: 2, due: true }]);
    expect((await list('--state', 'running')).jobs).toHaveLength(1);
  });

  it('keeps the attempts of one that only failed', async () => {
    const failed = await plant('notify', { attempts: 1 });
    await database.client.query(`update graphile_worker._private_jobs set run_at = now() + interval '1 hour'`);
    expect((await jobs('retry', failed, '--yes')).code).toBe(0);
    const { rows } = await database.client.query('select attempts, run_at <= now() as due from graphile_worker.jobs');
    expect(rows).toEqual([{ attempts: 1, due: true }]);
  });

  it('discards all dead ones of a name and no other', async () => {
    const [one, other] = [await plant('notify', { attempts: 3 }), await plant('sweep_all', { attempts: 3 })];
    const waiting = await plant('notify');
    const { code, stdout } = await jobs('discard', '--dead', '--name', 'notify', '--yes', '--json');
    expect([code, JSON.parse(stdout).done]).toEqual([0, [one]]);
    expect(statesOf(await list())).toEqual([
      [other, 'dead'],
      [waiting, 'waiting'],
    ]);
  });

  it('changes nothing in a dry run, without leave, and with strange ids', async () => {
    const dead = await plant('notify', { attempts: 3 });
    expect(JSON.parse((await jobs('discard', dead, '--dry-run', '--json')).stdout)).toMatchObject({ dryRun: true, done: [dead] });
    expect(await jobs('discard', dead)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    for (const argv of [['discard'], ['discard', '--dead', dead], ['retry', 'x'], ['retry', '1; drop table users'], ['retry', '0']])
      expect(await jobs(...argv, '--yes')).toMatchObject({ code: 2 });
    expect(statesOf(await list())).toEqual([[dead, 'dead']]);
  });

  it('records who changed what before it is changed, for this user alone, and changes nothing it cannot record', async () => {
    const dead = await plant('notify', { attempts: 3, data: { body: 'hidden-body' } });
    const { stderr } = await jobs('retry', dead, '--yes');
    const file = join(home, 'logs/operations.log');
    const line: unknown = JSON.parse(readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '');
    expect(line).toMatchObject({ command: 'jobs retry', subjects: [dead], target: expect.stringContaining('127.0.0.1') });
    expect(readFileSync(file, 'utf8')).not.toMatch(/hidden-body|postgres:\/\//);
    expect(stderr).toContain('operations.log');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const elsewhere = mkdtempSync(join(tmpdir(), 'sanctum-jobs-'));
    writeFileSync(join(elsewhere, 'logs'), 'a file where the folder belongs');
    const unrecorded = await runCli(['jobs', 'discard', dead, '--yes', '--database-url', database.url], {
      env: { SANCTUM_HOME: elsewhere },
    });
    expect(unrecorded).toMatchObject({ code: 3, stderr: expect.stringContaining('nothing was changed') });
    expect((await list()).jobs).toHaveLength(1);
  });
});
