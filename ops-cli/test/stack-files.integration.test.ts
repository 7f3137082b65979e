/**
 * The files of a real stack. OBS-02: what people type as a secret, and who they are, reaches no file below the stack's
 * folder but the database's own data, whatever fails and however slow it is. And no log grows without end.
 */
import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { logLimits } from '@sanctum/platform/local/log-rotation';
import { choosePort } from '@sanctum/platform/local/ports';
import { isSameProcess, type ProcessIdentity } from '@sanctum/platform/local/processes';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../platform/test/harness/wait-until.ts';
import { runStackCommand } from './stack-command.ts';

const timeoutMs = 180_000;
let home: string;
let url: string;
let superuser: pg.Client;
let inPlatformDatabase: pg.Client;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sanctum-canary-'));
  chmodSync(home, 0o755);
  const port = await choosePort();
  const started = await runStackCommand(home, ['up', '--no-web', '--no-seed', '--no-review', '--port', String(port)]);
  if (started.code !== 0) throw new Error(started.stderr);
  url = `http://127.0.0.1:${port}`;
  superuser = await connect('postgres');
  inPlatformDatabase = await connect('sanctum');
}, timeoutMs);

afterAll(async () => {
  await Promise.all([superuser, inPlatformDatabase].map((client) => client?.end()));
  await runStackCommand(home, ['down']);
  rmSync(home, { recursive: true, force: true });
}, timeoutMs);

const secretsOfTheStack = () => parseEnv(readFileSync(join(home, 'secrets.env'), 'utf8')) as Record<string, string>;

async function connect(database: string): Promise<pg.Client> {
  const { port } = JSON.parse(readFileSync(join(home, 'postgres.json'), 'utf8')) as { port: number };
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    database,
    user: 'postgres',
    password: secretsOfTheStack()['SANCTUM_POSTGRES_PASSWORD'] ?? '',
  });
  client.on('error', () => undefined); // The last test stops the server.
  await client.connect();
  return client;
}

/** Letters and digits only, so that no encoding hides it. */
const newCanary = () => `CANARY${randomBytes(12).toString('hex')}`;

/** The files below the stack's folder that hold one of the texts; `database's own data` and unpacked programs are left out. */
function filesWith(texts: readonly string[], except: readonly RegExp[] = []): string[] {
  const files = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/^\/(postgres|binaries)\//.test(file.slice(home.length)))
    .filter((file) => !except.some((one) => one.test(file.slice(home.length + 1))));
  if (files.length < 3) throw new Error(`there is nothing to look at below ${home}`);
  return files.flatMap((file) => {
    const content = readFileSync(file, 'latin1');
    return texts.some((text) => content.includes(text)) ? [file.slice(home.length + 1)] : [];
  });
}

const databaseLog = () => readFileSync(join(home, 'logs/postgres.log'), 'utf8');

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function send(method: string, path: string, body: object, token?: string): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

/** What this person types: as an address, a password and everywhere else. */
const [mail, password, text] = [newCanary(), newCanary(), newCanary()];
const email = `${mail}@example.org`;
const newAccount = () => ({ username: `u_${randomBytes(6).toString('hex')}`, email, password, credentials: 'token' });

async function signUp(): Promise<string> {
  const { status, body } = await send('POST', '/api/auth/register', newAccount());
  expect(status, JSON.stringify(body)).toBe(201);
  return String(body['accessToken']);
}

test(
  'nothing that a person typed is in a file beside the database, though every statement is slow, fails or is refused',
  async () => {
    // Every statement counts as slow, every wait as long; new connections learn of it.
    await inPlatformDatabase.query('alter database sanctum set log_min_duration_statement = 0');
    await inPlatformDatabase.query(`alter database sanctum set deadlock_timeout = '10ms'`);
    await inPlatformDatabase.query(`alter table users add constraint planted check (bio = '')`);
    await superuser.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'sanctum'`);
    await waitUntil('the platform is ready again', async () => (await fetch(`${url}/ready`)).status === 200);

    const token = await signUp();
    expect((await send('POST', '/api/auth/register', newAccount())).status).toBe(409);
    for (const tried of [password, `${password}-wrong`])
      await send('POST', '/api/auth/sign-in', { name: email, password: tried, credentials: 'token' });
    expect((await send('PATCH', '/api/me', { bio: text }, token)).status).toBe(500);

    // A row that somebody holds: waiting for it is logged, and so is the statement that gives up.
    await inPlatformDatabase.query('alter table users drop constraint planted');
    await inPlatformDatabase.query('begin');
    await inPlatformDatabase.query('select 1 from users for update');
    const waiting = send('PATCH', '/api/me', { bio: text }, token);
    await waitUntil('the wait is logged', () => databaseLog().includes('still waiting for'));
    await inPlatformDatabase.query('commit');
    await waiting;

    await inPlatformDatabase.query('alter table sanctums rename to away');
    expect(
      (await send('POST', '/api/sanctums', { name: 'canaries', title: text, description: text, visibility: 'public' }, token)).status,
    ).toBe(500);
    await inPlatformDatabase.query('alter table away rename to sanctums');

    // What an operator types holds values, too: a slow statement of this kind, and one that fails.
    await superuser.query(`select pg_sleep(1.2), '${text}'`);
    await expect(superuser.query(`select '${text}' from nowhere`)).rejects.toThrow('nowhere');

    const log = databaseLog();
    expect(log.match(/duration: /g)?.length ?? 0).toBeGreaterThan(10);
    for (const expected of [
      'violates check constraint "planted"',
      'relation "sanctums" does not exist',
      'relation "nowhere" does not exist',
    ])
      expect(log).toContain(expected);
    expect(filesWith([mail, mail.toLowerCase(), password, text, '$argon2id$'])).toEqual([]);
  },
  timeoutMs,
);

test(
  'the secrets of the stack are in the files that are for them, and in no other',
  async () => {
    // Starting again sets the passwords again, while every statement is logged.
    await superuser.query('alter database postgres set log_min_duration_statement = 0');
    const again = await runStackCommand(home, ['up', '--no-web', '--no-seed', '--no-review']);
    expect(again.code, again.stderr).toBe(0);
    const secrets = Object.values(secretsOfTheStack());
    expect(secrets.length).toBeGreaterThan(3);
    expect(filesWith(secrets, [/^secrets\.env$/, /^run\/platform\.json$/, /^redis\/redis\.conf$/])).toEqual([]);
  },
  timeoutMs,
);

test('a canary in a file is noticed', () => {
  const canary = newCanary();
  writeFileSync(join(home, 'logs/planted.log'), canary);
  expect(filesWith([canary])).toEqual(['logs/planted.log']);
});

describe('a log of the running stack', () => {
  const size = (name: string) => statSync(join(home, 'logs', name)).size;
  const keeper = () => JSON.parse(readFileSync(join(home, 'run/log-keeper.json'), 'utf8')) as ProcessIdentity;
  const overfill = (name: string) => appendFileSync(join(home, 'logs', name), 'x'.repeat(logLimits.bytesMax + 1));
  const isRotated = (name: string) => existsSync(join(home, 'logs', `${name}.1`)) && size(name) < logLimits.bytesMax;

  test.each(['platform.log', 'postgres.log'])('%s is rotated when it is full, and goes on at its beginning', async (name) => {
    overfill(name);
    await waitUntil(`${name} is rotated`, () => isRotated(name));
    await fetch(`${url}/api/feed`);
    await expect(superuser.query(`select 1 from after_the_rotation`)).rejects.toThrow('after_the_rotation');
    const fresh = name === 'platform.log' ? '"message":"request"' : 'after_the_rotation';
    await waitUntil(`a new line in ${name}`, () => readFileSync(join(home, 'logs', name), 'latin1').includes(fresh));
    expect(size(`${name}.1`)).toBeLessThanOrEqual(logLimits.bytesMax + 1024 * 1024);
  });

  test(
    'is bounded again after the process that looks at it was killed and the stack started again',
    async () => {
      process.kill(keeper().pid, 'SIGKILL');
      overfill('web-build.log');
      expect((await runStackCommand(home, ['up', '--no-web', '--no-seed', '--no-review'])).code).toBe(0);
      expect(isRotated('web-build.log')).toBe(true);
      expect(isSameProcess(keeper())).toBe(true);
    },
    timeoutMs,
  );

  test(
    'has nobody who looks at it after the stack was stopped',
    async () => {
      const running = keeper();
      expect(isSameProcess(running)).toBe(true);
      expect((await runStackCommand(home, ['down'])).code).toBe(0);
      expect(isSameProcess(running)).toBe(false);
    },
    timeoutMs,
  );

  test('has nobody who looks at it after its folder was removed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sanctum-keeper-'));
    mkdirSync(join(folder, 'run'));
    const program = join(import.meta.dirname, '../bin/log-keeper.js');
    const child = spawn(process.execPath, [program], { env: { SANCTUM_HOME: folder }, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    rmSync(folder, { recursive: true });
    expect(await ended).toBe(0);
  });
});
