import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../test/harness/test-database.ts';
import { AppError } from '../errors.ts';
import { runInRequest, runShared } from '../telemetry/request-context.ts';
import { createDatabase, type Database, type DatabaseOptions } from './database.ts';
import type { QueryEvent } from '../telemetry/query-event.ts';
import { defineQuery } from './query.ts';

const none = { access: 'read', budgetMs: 1000, usesIndex: [] } as const;
const sleep = defineQuery({
  ...none,
  name: 'test.sleep',
  params: { seconds: 'double precision' },
  text: 'select pg_sleep($1)::text as slept',
  sample: { seconds: 0 },
  row: z.object({ slept: z.string() }),
});
const backend = defineQuery({
  ...none,
  name: 'test.backend',
  params: {},
  text: 'select pg_backend_pid() as pid',
  sample: {},
  row: z.object({ pid: z.number() }),
});
const wrongShape = defineQuery({
  ...none,
  name: 'test.wrong_shape',
  params: {},
  text: 'select 1 as one',
  sample: {},
  row: z.object({ one: z.string() }),
});
const addOne = defineQuery({
  ...none,
  access: 'write',
  name: 'test.add_one',
  params: { id: 'integer' },
  text: 'update counters set value = value + 1 where id = $1 returning value',
  sample: { id: 1 },
  row: z.object({ value: z.number() }),
});
const total = defineQuery({
  ...none,
  name: 'test.total',
  params: {},
  text: 'select sum(value)::integer as total from counters',
  sample: {},
  row: z.object({ total: z.number() }),
});

let database: TestDatabase;
const opened: Database[] = [];

function open(options: Partial<DatabaseOptions> = {}): Database {
  const db = createDatabase({
    url: database.url,
    poolMax: 2,
    waitersMax: 2,
    connectTimeoutMs: 2000,
    statementTimeoutMs: 300,
    lockTimeoutMs: 200,
    applicationName: 'database-test',
    ...options,
  });
  opened.push(db);
  return db;
}

beforeAll(async () => {
  database = await createTestDatabase();
  await database.client.query('create table counters (id integer primary key, value integer not null)');
  await database.client.query('insert into counters values (1, 0), (2, 0)');
});
afterAll(async () => {
  await Promise.all(opened.map((db) => db.close()));
  await database.close();
});

describe('a statement over its time', () => {
  test('is ended by the server, answered with server.timeout, and its connection is not used again', async () => {
    const db = open({ poolMax: 1 });
    const before = await db.one(backend, {});
    await expect(db.run(sleep, { seconds: 2 })).rejects.toMatchObject({ code: 'server.timeout' });
    const after = await db.one(backend, {});
    expect(after.pid).not.toBe(before.pid);
    const { rows } = await database.client.query('select 1 from pg_stat_activity where pid = $1', [before.pid]);
    expect(rows).toEqual([]);
  });

  test('ends its transaction whole', async () => {
    const db = open();
    const work = db.transaction(async (tx) => {
      await tx.run(addOne, { id: 1 });
      await tx.run(sleep, { seconds: 2 });
    });
    await expect(work).rejects.toMatchObject({ code: 'server.timeout' });
    expect(await db.one(total, {})).toEqual({ total: 0 });
  });
});

test('more callers than may wait are refused at once with server.busy and a time to come back', async () => {
  const db = open({ statementTimeoutMs: 5000 });
  const settled = await Promise.allSettled(Array.from({ length: 10 }, () => db.run(sleep, { seconds: 0.3 })));
  const refused = settled.filter((result) => result.status === 'rejected').map((result) => result.reason as AppError);
  expect(settled.filter((result) => result.status === 'fulfilled').length).toBeGreaterThanOrEqual(2);
  expect(refused.length).toBeGreaterThan(0);
  for (const error of refused) expect(error).toMatchObject({ code: 'server.busy', retryAfterSeconds: 1 });
});

test('an idle connection that was killed is replaced without the caller noticing', async () => {
  const idleErrors: Error[] = [];
  const db = open({ onIdleError: (error) => idleErrors.push(error) });
  for (let round = 0; round < 5; round += 1) {
    const { pid } = await db.one(backend, {});
    await database.client.query('select pg_terminate_backend($1)', [pid]);
    expect(await db.one(backend, {})).not.toEqual({ pid });
  }
});

test('a write on a connection that died is not repeated: nobody knows whether it happened', async () => {
  const db = open({ statementTimeoutMs: 5000 });
  const slowWrite = defineQuery({
    ...none,
    access: 'write',
    name: 'test.slow_write',
    params: {},
    text: 'select pg_sleep(5)::text as slept',
    sample: {},
    row: z.object({ slept: z.string() }),
  });
  const running = db.run(slowWrite, {});
  running.catch(() => undefined); // Awaited below, after the kill.
  await expect
    .poll(
      async () =>
        (
          await database.client.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where query like '%test.slow_write%' and pid <> pg_backend_pid()",
          )
        ).rowCount,
    )
    .toBe(1);
  await expect(running).rejects.toMatchObject({ code: 'server.database_unavailable' });
});

test('two transactions that lock each other out both end, each counted once', async () => {
  const db = open({ poolMax: 4, lockTimeoutMs: 3000, statementTimeoutMs: 6000 });
  const before = (await db.one(total, {})).total;
  const both = (first: number, second: number) =>
    db.transaction(async (tx) => {
      await tx.run(addOne, { id: first });
      await tx.run(sleep, { seconds: 0.1 });
      await tx.run(addOne, { id: second });
    });
  await Promise.all([both(1, 2), both(2, 1)]);
  expect((await db.one(total, {})).total).toBe(before + 4);
});

test('a failed transaction leaves nothing and its connection is clean', async () => {
  const db = open({ poolMax: 1 });
  const before = await db.one(total, {});
  const work = db.transaction(async (tx) => {
    await tx.run(addOne, { id: 1 });
    throw new AppError('access.denied');
  });
  await expect(work).rejects.toMatchObject({ code: 'access.denied' });
  expect(await db.one(total, {})).toEqual(before);
});

test('a full disk is server.storage_full, and reading goes on over the same connection', async () => {
  await database.client.query(
    "create function full_disk() returns text language plpgsql as $$ begin raise exception using errcode = 'disk_full'; end $$",
  );
  const store = defineQuery({
    ...none,
    access: 'write',
    name: 'test.full_disk',
    params: {},
    text: 'select full_disk() as stored',
    sample: {},
    row: z.object({ stored: z.string() }),
  });
  const db = open({ poolMax: 1 });
  const before = await db.one(backend, {});
  await expect(db.run(store, {})).rejects.toMatchObject({ code: 'server.storage_full', status: 503 });
  await expect(db.transaction((tx) => tx.run(store, {}))).rejects.toMatchObject({ code: 'server.storage_full' });
  expect(await db.one(backend, {})).toEqual(before);
});

test('a database that is not there is server.database_unavailable, with its cause', async () => {
  const db = open({ url: 'postgres://nobody:nothing@127.0.0.1:1/none' });
  await expect(db.run(backend, {})).rejects.toMatchObject({ code: 'server.database_unavailable', cause: { code: 'ECONNREFUSED' } });
});

test('rows are held to their shape where that is asked for', async () => {
  await expect(open({ checkRows: true }).run(wrongShape, {})).rejects.toThrow('expected string');
  expect(await open().run(wrongShape, {})).toEqual([{ one: 1 }]);
});

test('every statement is reported by name, with rows and outcome', async () => {
  const events: QueryEvent[] = [];
  const db = open({ onQuery: (event) => events.push(event) });
  await db.run(backend, {});
  await expect(db.run(sleep, { seconds: 2 })).rejects.toThrow(AppError);
  expect(events).toMatchObject([
    { name: 'test.backend', rows: 1, outcome: 'ok', sqlState: undefined },
    { name: 'test.sleep', rows: 0, outcome: 'error', sqlState: '57014' },
  ]);
});

describe('a statement over its own bound', () => {
  const bounded = defineQuery({
    ...none,
    name: 'test.bounded',
    params: {},
    boundMs: 1000,
    text: 'select pg_sleep(60)::text as slept',
    sample: {},
    row: z.object({ slept: z.string() }),
  });

  test('is cancelled on the server, answered with its own error, counted by name, and its connection is not used again', async () => {
    const events: QueryEvent[] = [];
    const db = open({ poolMax: 1, statementTimeoutMs: 30_000, onQuery: (event) => events.push(event) });
    const before = await db.one(backend, {});
    await expect(db.run(bounded, {})).rejects.toMatchObject({ code: 'server.query_over_budget', status: 503, retryAfterSeconds: 2 });
    expect(events.find(({ name }) => name === 'test.bounded')).toMatchObject({
      outcome: 'error',
      sqlState: '57014',
      cancelled: 'over-budget',
    });
    await expect.poll(() => events.map(({ name }) => name)).toContain('database.cancel_statement');
    expect(await db.one(backend, {})).not.toEqual(before);
    await expect.poll(() => runningBackends('test.bounded')).toBe(0);
  });

  test('ends its transaction whole', async () => {
    const db = open({ statementTimeoutMs: 30_000 });
    const before = await db.one(total, {});
    const work = db.transaction(async (tx) => {
      await tx.run(addOne, { id: 1 });
      await tx.run(bounded, {});
    });
    await expect(work).rejects.toMatchObject({ code: 'server.query_over_budget' });
    expect(await db.one(total, {})).toEqual(before);
  });

  test('of a reader who has left is cancelled before its bound, and a write goes on', async () => {
    const db = open({ statementTimeoutMs: 30_000 });
    const request = { requestId: 'gone', statements: 0, clientGone: false };
    const reading = runInRequest(request, () => db.run(sleep, { seconds: 60 }));
    reading.catch(() => undefined); // Awaited below.
    await expect.poll(() => runningBackends('test.sleep')).toBe(1);
    request.clientGone = true;
    await expect(reading).rejects.toMatchObject({ code: 'server.busy' });
    expect(await runInRequest(request, () => db.run(addOne, { id: 1 }))).toHaveLength(1);
  });

  test('goes on for the others when the reader who started a shared load has left', async () => {
    const db = open({ statementTimeoutMs: 30_000 });
    const request = { requestId: 'gone', statements: 0, clientGone: true };
    expect(await runInRequest(request, () => runShared(() => db.run(sleep, { seconds: 0.3 })))).toHaveLength(1);
    await expect(runInRequest(request, () => db.run(sleep, { seconds: 0.3 }))).rejects.toMatchObject({ code: 'server.busy' });
  });
});

async function runningBackends(name: string): Promise<number> {
  const { rows } = await database.client.query(
    "select 1 from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and query like '%' || $1 || '%'",
    [name],
  );
  return rows.length;
}

test('a kind that holds its whole share and all its waiters leaves the others alone, and readiness its own connection', async () => {
  const refused: string[] = [];
  const db = open({
    poolMax: 5,
    waitersMax: 20,
    connectTimeoutMs: 30_000,
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 30_000,
    onRefused: (kind) => refused.push(kind),
  });
  const slowSearch = defineQuery({
    ...none,
    name: 'search.planted',
    params: { key: 'bigint' },
    text: 'select pg_advisory_xact_lock($1)::text as locked',
    sample: { key: '1' },
    row: z.object({ locked: z.string() }),
    boundMs: 30_000,
  });
  const probe = defineQuery({
    ...none,
    name: 'health.planted',
    params: {},
    text: 'select pg_backend_pid() as pid',
    sample: {},
    row: z.object({ pid: z.number() }),
  });
  await database.client.query('select pg_advisory_lock(77)');
  const searches = Array.from({ length: 50 }, () => db.run(slowSearch, { key: '77' }));
  const settled = Promise.allSettled(searches);
  expect(refused.length).toBeGreaterThan(40);
  expect(new Set(refused)).toEqual(new Set(['search']));
  expect(await db.run(backend, {})).toHaveLength(1);
  expect(await db.run(addOne, { id: 1 })).toHaveLength(1);
  expect(await db.as('auth').transaction((tx) => tx.run(addOne, { id: 2 }))).toHaveLength(1);
  expect(await db.run(probe, {})).toHaveLength(1);
  await database.client.query('select pg_advisory_unlock(77)');
  const results = await settled;
  expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(50 - refused.length);
});
