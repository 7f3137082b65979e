import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireLock } from './lock.ts';
import { serverUser } from './operating-user.ts';
import { createEmbeddedPostgres } from './postgres.ts';
import type { EmbeddedPostgres } from './postgres-types.ts';
import { ensureDatabase } from './postgres-database.ts';
import { processesInFolder } from './postgres-folder.ts';
import { conditionLimitMs } from '../test/harness/hang-limits.ts';
import { waitFor } from './processes.ts';

let folder: string;
let servers: EmbeddedPostgres[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanctum-supervisor-'));
  chmodSync(folder, 0o755);
  servers = [];
});

afterEach(async () => {
  for (const server of servers) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function supervise(options: { port?: number; password?: string } = {}): EmbeddedPostgres {
  const server = createEmbeddedPostgres({
    dataDir: join(folder, 'data'),
    logFile: join(folder, 'postgres.log'),
    password: 'a pass/word of the test',
    settings: { shared_buffers: '16MB' },
    sync: false,
    ...options,
  });
  servers.push(server);
  return server;
}

async function started(): Promise<{ server: EmbeddedPostgres; url: string; pid: number }> {
  const server = supervise();
  await server.initialise();
  const { url, pid } = await server.start();
  return { server, url, pid };
}

async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => 'no error',
    (reason: unknown) => reason,
  );
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

test('a new cluster is UTF-8 with the builtin locale, checksums and password authentication', async () => {
  const { url } = await started();
  const [facts] = await query<Record<string, string>>(
    url,
    `select current_setting('server_version_num')::int / 10000 as major, pg_encoding_to_char(encoding) as encoding,
            datlocprovider as provider, datlocale as locale, current_setting('data_checksums') as checksums
     from pg_database where datname = 'postgres'`,
  );
  expect(facts).toEqual({ major: 18, encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', checksums: 'on' });
  const wrong = new URL(url);
  wrong.password = 'wrong';
  expect(await codeOf(query(wrong.href, 'select 1'))).toBe('28P01');
});

test('starting twice gives the same server', async () => {
  const { server, pid } = await started();
  expect(await server.start()).toMatchObject({ pid, alreadyRunning: true });
  expect((await server.initialise()).created).toBe(false);
});

test('two starts at the same moment give one server', async () => {
  const server = supervise();
  await server.initialise();
  const results = await Promise.all([server.start(), supervise().start()]);
  expect(new Set(results.map((result) => result.pid)).size).toBe(1);
  expect(results.filter((result) => result.alreadyRunning)).toHaveLength(1);
});

test('after kill -9 of the postmaster everything that was committed is there', async () => {
  const { server, url, pid } = await started();
  await query(url, 'create table kept (id int); insert into kept values (1), (2)');
  process.kill(pid, 'SIGKILL');
  const again = await server.start();
  expect(again.pid).not.toBe(pid);
  expect(await query(again.url, 'select id from kept order by id')).toEqual([{ id: 1 }, { id: 2 }]);
});

test('a pid file that names a living stranger does not keep the server from starting', async () => {
  const { server } = await started();
  await server.stop();
  const stranger = spawn('sleep', ['60']);
  try {
    const user = serverUser();
    const file = join(folder, 'data/postmaster.pid');
    writeFileSync(file, `${stranger.pid}\n${join(folder, 'data')}\n1700000000\n1\n\n127.0.0.1\n`, { mode: 0o600 });
    if (user !== undefined) (await import('node:fs')).chownSync(file, user.uid, user.gid);
    expect((await server.status()).state).toBe('stopped');
    expect(await server.start()).toMatchObject({ alreadyRunning: false });
    expect(stranger.exitCode).toBeNull();
    expect(stranger.killed).toBe(false);
  } finally {
    stranger.kill('SIGKILL');
  }
});

test('a stop never signals a process that does not work in the data folder', async () => {
  const { server } = await started();
  await server.stop();
  const stranger = spawn('sleep', ['60']);
  try {
    writeFileSync(join(folder, 'data/postmaster.pid'), `${stranger.pid}\n${join(folder, 'data')}\n1700000000\n1\n\n127.0.0.1\n`);
    expect(await server.stop()).toBe('absent');
    expect(stranger.exitCode).toBeNull();
    expect(stranger.signalCode).toBeNull();
  } finally {
    stranger.kill('SIGKILL');
    rmSync(join(folder, 'data/postmaster.pid'), { force: true });
  }
});

test('a folder with files but no cluster is named and left as it is', async () => {
  mkdirSync(join(folder, 'data/base'), { recursive: true });
  writeFileSync(join(folder, 'data/PG_VERSION'), '18\n');
  const server = supervise();
  expect((await server.status()).state).toBe('half-initialised');
  expect(await codeOf(server.initialise())).toBe('POSTGRES_DATA_HALF_INITIALISED');
  expect(readdirSync(join(folder, 'data')).toSorted()).toEqual(['PG_VERSION', 'base']);
});

test('what an interrupted initialisation left behind is replaced', async () => {
  mkdirSync(join(folder, 'data.initialising-1/base'), { recursive: true });
  const { url } = await started();
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(readdirSync(folder).filter((name) => name.includes('initialising'))).toEqual([]);
});

test('data of another major version is refused', async () => {
  const server = supervise();
  await server.initialise();
  writeFileSync(join(folder, 'data/PG_VERSION'), '17\n');
  expect(await codeOf(server.start())).toBe('POSTGRES_DATA_OTHER_VERSION');
});

test('the remembered port is given up when somebody else has it', async () => {
  const { server } = await started();
  const port = (await server.status()).port ?? 0;
  await server.stop();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  try {
    const again = await server.start();
    expect(again.port).not.toBe(port);
    expect(await query(again.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  } finally {
    other.close();
  }
});

test('a fixed port that is taken is an error that names its owner', async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => {
      const address = other.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  try {
    const server = supervise({ port });
    await server.initialise();
    const error = await server.start().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'LOCAL_PORT_TAKEN' });
    if (process.platform === 'linux') expect(String(error)).toContain(`process ${process.pid}`);
  } finally {
    other.close();
  }
});

test('the wrong password for a running server is told apart from a stranger', async () => {
  const { server } = await started();
  expect(await codeOf(supervise({ password: 'another one' }).status())).toBe('POSTGRES_PASSWORD_REFUSED');
  expect((await server.status()).state).toBe('running');
});

test('a stop is a clean shutdown, and stopping twice is harmless', async () => {
  const { server, pid } = await started();
  expect(await server.stop()).toBe('stopped');
  expect(await server.stop()).toBe('absent');
  expect(
    await waitFor(() => (processesInFolder(join(folder, 'data')).length === 0 ? true : undefined), { timeoutMs: conditionLimitMs }),
  ).toBe(true);
  expect(readFileSync(join(folder, 'postgres.log'), 'utf8')).toContain('database system is shut down');
  expect(existsSync(`/proc/${pid}/cwd`)).toBe(false);
});

test('the data folder is closed to everybody but the server', async () => {
  const server = supervise();
  await server.initialise();
  expect(statSync(join(folder, 'data')).mode & 0o077).toBe(0);
});

test('a start waits for the lock and takes over one whose owner died', async () => {
  const server = supervise();
  await server.initialise();
  const release = await acquireLock(join(folder, 'data.lock'), { purpose: 'a test' });
  const starting = server.start();
  release();
  expect((await starting).alreadyRunning).toBe(false);
  await server.stop();
  const { symlinkSync } = await import('node:fs');
  symlinkSync('1|never|a dead one', join(folder, 'data.lock'));
  expect((await server.start()).alreadyRunning).toBe(false);
});

test('a database gets an owner that is no superuser, and making it again changes nothing', async () => {
  const { server } = await started();
  const superuser = server.url() ?? '';
  const wanted = { role: 'keeper', password: "it's %40 odd/", database: 'kept' };
  const first = await ensureDatabase(superuser, wanted);
  await query(first.url, 'create table kept (id int)');
  const second = await ensureDatabase(superuser, wanted);
  expect([first.created, second.created]).toEqual([true, false]);
  expect(await query(second.url, `select current_user as name, usesuper as super from pg_user where usename = current_user`)).toEqual([
    { name: 'keeper', super: false },
  ]);
  expect(await query(second.url, "select count(*)::int as tables from pg_tables where tablename = 'kept'")).toEqual([{ tables: 1 }]);
});
