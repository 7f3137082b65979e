import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestFolder, sampleFiles } from '../test/folder.ts';
import type { TestFolder } from '../test/folder.ts';
import { createScratchDatabase, until } from '../test/scratch.ts';
import type { ScratchDatabase } from '../test/scratch.ts';
import { applyMigrations } from './apply.ts';
import type { ApplyEvent } from './apply.ts';
import { downMigration } from './down.ts';
import { lockKey } from './lock.ts';
import { planMigrations } from './plan.ts';
import { migrationStatus } from './status.ts';
import { verifyMigrations } from './verify.ts';

let database: ScratchDatabase;
let folder: TestFolder;

beforeEach(async () => {
  database = await createScratchDatabase();
  folder = await createTestFolder(sampleFiles);
});
afterEach(async () => {
  await folder.close();
  await database.close();
});

const names = Object.keys(sampleFiles);
const apply = (options: Partial<Parameters<typeof applyMigrations>[0]> = {}) =>
  applyMigrations({ database: database.url, dir: folder.dir, ...options });
const columnsOf = async (table: string): Promise<string[]> => {
  const { rows } = await database.client.query<{ name: string }>(
    'select column_name::text as name from information_schema.columns where table_name = $1 order by ordinal_position',
    [table],
  );
  return rows.map((row) => row.name);
};

test('every file is applied once, in order, and a second run does nothing', async () => {
  const events: ApplyEvent[] = [];
  const first = await apply({ onProgress: (event) => events.push(event) });
  expect(first.applied.map((entry) => entry.name)).toEqual(names);
  expect(first.head).toEqual({ number: 6, name: '0006_kind.sql' });
  expect(events.filter((event) => event.type === 'applied')).toHaveLength(names.length);
  expect(await columnsOf('posts')).toEqual(['id', 'user_id', 'title', 'kind']);
  expect((await apply()).applied).toEqual([]);
  const verified = await verifyMigrations({ dir: folder.dir, database: database.url });
  expect(verified.findings).toEqual([]);
  expect(verified.examined.journal).toBe(names.length);
  expect(verified.head?.name).toBe('0006_kind.sql');
});

test('a dry run lists what is pending and writes nothing, not even the journal', async () => {
  const result = await apply({ dryRun: true });
  expect(result.applied.map((entry) => entry.name)).toEqual(names);
  expect(await columnsOf('users')).toEqual([]);
  expect(await columnsOf('schema_migrations')).toEqual([]);
});

test('a failing file leaves nothing of itself, keeps what came before, and names its line', async () => {
  await folder.write('0007_bad.sql', 'create table half (id bigint primary key);\n\ninsert into posts (user_id) values (99);\n');
  await folder.sign();
  const error: unknown = await apply().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'MIGRATION_FAILED', file: '0007_bad.sql', sqlState: '23503' });
  expect(await columnsOf('half')).toEqual([]);
  const status = await migrationStatus({ dir: folder.dir, database: database.url });
  expect(status.counts).toEqual({ applied: 6, pending: 1, running: 0, unknown: 0 });
  await folder.write('0008_name.sql', 'select 1;\nselect nowhere;\n');
  await folder.write('0007_bad.sql', 'select 1;\n');
  const { signMigrations } = await import('./sign.ts');
  await signMigrations({ dir: folder.dir, databases: [database.url] });
  expect(await apply().catch((reason: unknown) => reason)).toMatchObject({ file: '0008_name.sql', line: 2, sqlState: '42703' });
});

test('two runners at once apply every file once', async () => {
  const results = await Promise.all([apply(), apply(), apply()]);
  const counts = results.map((result) => result.applied.length).toSorted((a, b) => a - b);
  expect(counts).toEqual([0, 0, names.length]);
});

test('a held migration lock is waited for with a limit, and its holder is named', async () => {
  await database.client.query('select pg_advisory_lock($1)', [lockKey]);
  const { rows } = await database.client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const events: ApplyEvent[] = [];
  const error: unknown = await apply({ lockWaitMs: 300, onProgress: (event) => events.push(event) }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'MIGRATIONS_LOCKED' });
  expect((error as Error).message).toContain(`pg_terminate_backend(${rows[0]?.pid})`);
  expect(events).toHaveLength(1);
  await database.client.query('select pg_advisory_unlock($1)', [lockKey]);
  expect((await apply()).applied).toHaveLength(names.length);
});

test('a table lock that is not granted is tried again, and granted once its holder is gone', async () => {
  await apply();
  await folder.write('0007_more.sql', '-- sanctum: lock-timeout 100ms\nalter table posts add column more text;\n');
  await folder.sign();
  await database.client.query('begin');
  await database.client.query('select * from posts');
  const events: ApplyEvent[] = [];
  let committed: Promise<unknown> | undefined;
  const running = apply({
    onProgress: (event) => {
      events.push(event);
      if (event.type === 'retry' && event.attempt === 1) committed = database.client.query('commit');
    },
  });
  expect((await running).applied.map((entry) => entry.name)).toEqual(['0007_more.sql']);
  const retry = events.find((event) => event.type === 'retry');
  expect(retry).toMatchObject({ name: '0007_more.sql', attempt: 1 });
  expect(retry?.type === 'retry' && retry.reason).toMatch(/pid \d+.* holds AccessShareLock on posts/);
  await expect(committed).resolves.toMatchObject({ command: 'COMMIT' });
});

test('a table lock that never comes ends with the holder and the way to end it', async () => {
  await apply();
  await folder.write('0007_more.sql', '-- sanctum: lock-timeout 50ms\nalter table posts add column more text;\n');
  await folder.sign();
  await database.client.query('begin');
  await database.client.query('select * from posts');
  const error: unknown = await apply({ attemptsMax: 2 }).catch((reason: unknown) => reason);
  await database.client.query('rollback');
  expect(error).toMatchObject({ code: 'MIGRATION_LOCK_TIMEOUT', sqlState: '55P03' });
  expect((error as Error).message).toMatch(/in 2 tries: pid \d+.*pg_terminate_backend/s);
  expect(await columnsOf('posts')).not.toContain('more');
});

test('a statement over its time limit is stopped and the limit is named', async () => {
  await folder.write('0007_slow.sql', '-- sanctum: statement-timeout 50ms\nselect pg_sleep(5);\n');
  await folder.sign();
  expect(await apply().catch((reason: unknown) => reason)).toMatchObject({ sqlState: '57014', file: '0007_slow.sql' });
});

test('files that the runner cannot keep whole are refused before anything runs', async () => {
  await folder.write(
    '0007_two.sql',
    '-- sanctum: no-transaction\ncreate index concurrently a on posts (title);\ncreate index concurrently b on posts (kind);\n',
  );
  await folder.sign();
  expect(await apply().catch((reason: unknown) => reason)).toMatchObject({ code: 'MIGRATION_NOT_RUNNABLE', file: '0007_two.sql' });
  expect(await columnsOf('users')).toEqual([]);
  await folder.write('0007_two.sql', 'select 1;\n');
  await folder.write('0008_commit.sql', 'create table x (id bigint primary key);\ncommit;\nselect 1;\n');
  const { signMigrations } = await import('./sign.ts');
  await signMigrations({ dir: folder.dir, databases: [database.url] });
  expect(await apply().catch((reason: unknown) => reason)).toMatchObject({
    code: 'MIGRATION_NOT_RUNNABLE',
    file: '0008_commit.sql',
    line: 2,
  });
  expect(await columnsOf('users')).toEqual([]);
});

test('a stop signal ends between two files and a later run continues', async () => {
  const controller = new AbortController();
  const error: unknown = await apply({
    signal: controller.signal,
    onProgress: (event) => {
      if (event.type === 'applied' && event.number === 2) controller.abort();
    },
  }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'MIGRATIONS_INTERRUPTED' });
  expect((await apply()).applied.map((entry) => entry.number)).toEqual([3, 4, 5, 6]);
});

test('the latest migration steps back by its down file, and only the latest', async () => {
  await folder.write('0007_more.sql', 'alter table posts add column more text;\n');
  await folder.write('0007_more.down.sql', 'alter table posts drop column more;\n');
  await folder.sign();
  await apply();
  expect(await columnsOf('posts')).toContain('more');
  expect(await downMigration({ dir: folder.dir, database: database.url, number: 6 }).catch((reason: unknown) => reason)).toMatchObject({
    code: 'MIGRATION_DOWN_REFUSED',
  });
  await downMigration({ dir: folder.dir, database: database.url, number: 7 });
  expect(await columnsOf('posts')).not.toContain('more');
  expect((await apply()).applied.map((entry) => entry.number)).toEqual([7]);
});

test('a plan names the lock of each statement and what it destroys', async () => {
  await apply();
  await folder.write(
    '0007_drop.sql',
    'alter table posts drop column kind;\ncreate table a (id bigint primary key, post_id bigint references posts (id));\ncreate index i on a (post_id);\n',
  );
  await folder.sign();
  const { pending } = await planMigrations({ dir: folder.dir, database: database.url });
  expect(pending).toHaveLength(1);
  expect(pending[0]?.destructive).toBe(true);
  expect(pending[0]?.statements.map((statement) => statement.locks)).toEqual([
    [{ relation: 'posts', mode: 'ACCESS EXCLUSIVE', blocks: 'reads and writes' }],
    [{ relation: 'posts', mode: 'SHARE ROW EXCLUSIVE', blocks: 'writes' }],
    [],
  ]);
});

test('planned locks are the locks that the server takes', async () => {
  await apply();
  const statements = [
    'create index on posts (title)',
    'alter table posts add column a text',
    'alter table posts alter column title set statistics 50',
    'alter table posts add constraint self foreign key (id) references posts (id) not valid',
    'alter table posts disable trigger posts_touch',
    'create trigger again before update on posts for each row execute function touch()',
    'truncate posts',
    "update posts set title = 'x'",
    'create table b (id bigint references posts (id))',
    'drop trigger posts_touch on posts',
    'alter table posts rename column title to name',
    'lock table posts in exclusive mode',
    'drop table posts',
    'alter table posts set (fillfactor = 90)',
    'alter table posts enable row level security',
  ];
  const { locksOf } = await import('./lock-modes.ts');
  const { loadParser } = await import('./parser.ts');
  const parser = await loadParser();
  for (const sql of statements) {
    await database.client.query('begin');
    const { rows: oid } = await database.client.query<{ oid: number }>(`select 'posts'::regclass::oid as oid`);
    await database.client.query(sql);
    const { rows } = await database.client.query<{ mode: string }>(
      `select mode from pg_locks where pid = pg_backend_pid() and relation = $1 and mode <> 'AccessShareLock'`,
      [oid[0]?.oid],
    );
    await database.client.query('rollback');
    const parsed = parser.parse(sql);
    const planned = 'statements' in parsed ? parsed.statements.flatMap(locksOf).find((lock) => lock.relation === 'posts')?.mode : undefined;
    const taken = rows.map((row) =>
      row.mode
        .replace(/Lock$/, '')
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .toUpperCase(),
    );
    expect({ sql, taken }).toEqual({ sql, taken: expect.arrayContaining([planned]) });
  }
  expect(statements.length).toBeGreaterThan(10);
  await until('the schema is as before', async () => (await columnsOf('posts')).length === 4);
});
