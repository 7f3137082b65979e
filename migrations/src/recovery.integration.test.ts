import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestFolder, sampleFiles } from '../test/folder.ts';
import type { TestFolder } from '../test/folder.ts';
import { createScratchDatabase, until } from '../test/scratch.ts';
import type { ScratchDatabase } from '../test/scratch.ts';
import { applyMigrations } from './apply.ts';
import { chainOf } from './checksums.ts';
import { resolveMigration } from './resolve.ts';
import type { VerifyFinding } from './types.ts';
import { verifyMigrations } from './verify.ts';

const concurrent = '-- sanctum: no-transaction\ncreate index concurrently idx_posts_title on posts (title);\n';
const runner = fileURLToPath(new URL('../test/kill-runner.ts', import.meta.url));
let database: ScratchDatabase;
let folder: TestFolder;

beforeEach(async () => {
  database = await createScratchDatabase();
  folder = await createTestFolder(sampleFiles);
  await applyMigrations({ database: database.url, dir: folder.dir });
});
afterEach(async () => {
  await folder.close();
  await database.close();
});

const verify = async (): Promise<readonly VerifyFinding[]> =>
  (await verifyMigrations({ dir: folder.dir, database: database.url })).findings;
const up = () => applyMigrations({ database: database.url, dir: folder.dir });
const isValid = async (name: string): Promise<boolean | null> => {
  const { rows } = await database.client.query<{ valid: boolean }>(
    'select indisvalid as valid from pg_index where indexrelid = to_regclass($1)',
    [name],
  );
  return rows[0]?.valid ?? null;
};

/** Leaves the journal as a runner does that died between its two journal writes. */
async function plantRunning(number: number, name: string, content: string): Promise<void> {
  await folder.write(name, content);
  await folder.sign();
  const { verifyFiles } = await import('./verify-files.ts');
  const signed = (await verifyFiles(folder.dir)).signed.at(-1);
  const { rows } = await database.client.query<{ chain: string }>(
    'select chain_hash as chain from schema_migrations order by number desc limit 1',
  );
  const chain = chainOf(rows[0]?.chain ?? '', name, signed?.bytes ?? '');
  await database.client.query(
    `insert into schema_migrations (number, name, byte_hash, token_hash, chain_hash, algorithm, state) values ($1, $2, $3, $4, $5, 'x', 'running')`,
    [number, name, signed?.bytes, signed?.tokens, chain],
  );
}

test('nothing done: the file is run again', async () => {
  await plantRunning(7, '0007_index.sql', concurrent);
  const found = (await verify())[0];
  expect(found).toMatchObject({ code: 'half-applied', file: '0007_index.sql', blocking: true });
  expect(found?.detail).toContain('nothing done');
  expect((await up()).applied.map((entry) => entry.name)).toEqual(['0007_index.sql']);
  expect(await isValid('idx_posts_title')).toBe(true);
  expect(await verify()).toEqual([]);
});

test('done but not recorded: it is recorded and nothing runs twice', async () => {
  await plantRunning(7, '0007_index.sql', concurrent);
  await database.client.query('create index idx_posts_title on posts (title)');
  expect((await verify())[0]?.detail).toContain('done not recorded');
  const result = await up();
  expect(result.applied).toEqual([]);
  expect(result.recovered.map((entry) => entry.name)).toEqual(['0007_index.sql']);
  expect(await verify()).toEqual([]);
});

test('partly done: the invalid index is dropped and built again', async () => {
  await database.client.query("insert into users (name) values ('a')");
  await database.client.query("insert into posts (user_id, title) values (1, 'same'), (1, 'same')");
  const unique = concurrent.replace('create index', 'create unique index');
  await database.client.query('create unique index concurrently idx_posts_title on posts (title)').catch(() => {});
  expect(await isValid('idx_posts_title')).toBe(false);
  await plantRunning(7, '0007_index.sql', unique);
  const findings = await verify();
  expect(findings.map((entry) => entry.code).toSorted()).toEqual(['half-applied', 'invalid-index']);
  expect(findings[0]?.detail).toContain('partly done');
  await database.client.query('delete from posts where id = 2');
  expect((await up()).applied.map((entry) => entry.name)).toEqual(['0007_index.sql']);
  expect(await isValid('idx_posts_title')).toBe(true);
  expect(await verify()).toEqual([]);
});

test('a concurrent build that fails leaves no invalid index behind', async () => {
  await database.client.query("insert into users (name) values ('a')");
  await database.client.query("insert into posts (user_id, title) values (1, 'same'), (1, 'same')");
  await folder.write('0007_index.sql', concurrent.replace('create index', 'create unique index'));
  await folder.sign();
  expect(await up().catch((reason: unknown) => reason)).toMatchObject({ code: 'MIGRATION_FAILED', sqlState: '23505' });
  expect(await isValid('idx_posts_title')).toBeNull();
  expect(await verify()).toEqual([]);
  await database.client.query('delete from posts where id = 2');
  expect((await up()).applied).toHaveLength(1);
});

test('a statement that the catalogue cannot judge needs a person, who settles it', async () => {
  await plantRunning(7, '0007_select.sql', '-- sanctum: no-transaction\nselect 1;\n');
  expect((await verify())[0]?.fix).toContain('migrate resolve 7 --as applied');
  expect(await up().catch((reason: unknown) => reason)).toMatchObject({ code: 'MIGRATIONS_REFUSED' });
  await resolveMigration({ database: database.url, number: 7, as: 'applied' });
  expect(await verify()).toEqual([]);
  expect(await resolveMigration({ database: database.url, number: 7, as: 'applied' }).catch((reason: unknown) => reason)).toMatchObject({
    code: 'MIGRATION_RESOLVE_REFUSED',
  });
});

test('an invalid index without a migration is named with a command that cures it', async () => {
  await database.client.query("insert into users (name) values ('a')");
  await database.client.query("insert into posts (user_id, title) values (1, 'same'), (1, 'same')");
  await database.client.query('create unique index concurrently idx_posts_twice on posts (title)').catch(() => {});
  const found = (await verify())[0];
  expect(found).toMatchObject({ code: 'invalid-index', file: 'public.idx_posts_twice', blocking: false });
  await database.client.query('delete from posts where id = 2');
  for (const command of (found?.fix ?? '').split(/; then remove the duplicates and: |;$/).filter((part) => part !== ''))
    await database.client.query(command);
  expect(await isValid('idx_posts_twice')).toBe(true);
  expect(await verify()).toEqual([]);
});

test('kill -9 in the middle of a transaction leaves nothing, and the next run does it whole', async () => {
  await folder.write('0007_slow.sql', 'alter table posts add column slow text;\nselect pg_sleep(20);\n');
  await folder.sign();
  await killWhile('select pg_sleep');
  expect((await verify()).filter((entry) => entry.blocking)).toEqual([]);
  await folder.write('0007_slow.sql', 'alter table posts add column slow text;\n');
  const { signMigrations } = await import('./sign.ts');
  await signMigrations({ dir: folder.dir, databases: [database.url] });
  expect((await up()).applied.map((entry) => entry.name)).toEqual(['0007_slow.sql']);
});

test('kill -9 in the middle of a concurrent build is named and cured by the next run', async () => {
  await folder.write('0007_index.sql', concurrent);
  await folder.sign();
  await database.client.query('begin');
  await database.client.query("insert into users (name) values ('holder')");
  await database.client.query('select * from posts for update');
  await database.client.query('insert into posts (user_id) values (1)');
  await killWhile('create index concurrently', async () => {
    await until('the build waits for the open transaction', async () => (await isValid('idx_posts_title')) === false);
  });
  await database.client.query('rollback');
  const findings = await verify();
  expect(findings.map((entry) => entry.code)).toContain('half-applied');
  const result = await up();
  expect(result.recovered.map((entry) => entry.name)).toEqual(['0007_index.sql']);
  expect(await isValid('idx_posts_title')).toBe(true);
  expect(await verify()).toEqual([]);
});

/** Starts a runner of its own, waits until its statement runs, kills it, and ends what the server still runs for it. */
async function killWhile(statement: string, also: () => Promise<void> = async () => {}): Promise<void> {
  const child = spawn(process.execPath, [runner, database.url, folder.dir], { stdio: 'ignore' });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  // Inside a transaction pg_stat_activity answers from one snapshot: watch from a session without one.
  const watcher = new pg.Client({ connectionString: database.url });
  await watcher.connect();
  const pids = async (): Promise<number[]> => {
    const { rows } = await watcher.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'active' and query ilike '%' || $1 || '%'`,
      [statement],
    );
    return rows.map((row) => row.pid);
  };
  await until('the statement runs', async () => (await pids()).length > 0);
  await also();
  child.kill('SIGKILL');
  await exited;
  await until('the server notices that the runner is gone', async () => (await pids()).length === 0);
  await watcher.end();
}
