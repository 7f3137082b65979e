/** A whole stack for the plants of one test file, started by the command line's own means and looked at as its user does. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { choosePort } from '@sanctum/platform/local/ports';
import { waitFor } from '@sanctum/platform/local/processes';
import { Redis } from 'ioredis';
import pg from 'pg';

const root = join(import.meta.dirname, '../../..');
const launcher = join(root, 'ops-cli/bin/sanctum-ops.js');
const foreign = ['DATABASE_URL', 'REDIS_URL', 'SANCTUM_URL', 'JWT_SECRET', 'PORT', 'HOST'];

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SeenCause {
  id: string;
  next: string;
  title: string;
  evidence: string[];
  cures: string[];
  runbook: string;
}
export interface SeenDiagnosis {
  healthy: boolean;
  causes: SeenCause[];
  couldNotLook: { name: string; reason: string }[];
}

export interface DoctorStack {
  readonly home: string;
  readonly url: string;
  readonly port: number;
  ops(...argv: readonly string[]): Promise<Result>;
  doctor(): Promise<SeenDiagnosis & { code: number | null }>;
  /** Runs a line in bash as a person would who pastes it. */
  paste(line: string): Promise<Result>;
  /** Statements of the superuser in the platform's database, each by itself. */
  sql(...statements: readonly string[]): Promise<Record<string, unknown>[]>;
  redis(...words: readonly string[]): Promise<unknown>;
  pid(part: 'platform' | 'postgres' | 'redis'): Promise<number>;
  /** A process of our own in the background, in the environment of this stack; ended with the stack. */
  background(command: string, args: readonly string[], env: Readonly<Record<string, string>>): { readonly pid: number; end(): void };
  addresses(): { readonly databaseUrl: string; readonly superuserUrl: string; readonly redisUrl: string };
  up(): Promise<void>;
  close(): Promise<void>;
}

export async function createStack(settings: Readonly<Record<string, string>>): Promise<DoctorStack> {
  const home = mkdtempSync(join(tmpdir(), 'sanctum-doctor-'));
  // The user that PostgreSQL runs as has to enter it.
  chmodSync(home, 0o755);
  const port = await choosePort();
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.includes(name)));
  const folders = [join(root, 'node_modules/.bin'), process.env['PATH'] ?? '', join(root, '.sanctum/tools/bin')];
  const env = { ...own, PATH: folders.join(delimiter), NO_COLOR: '1', SANCTUM_HOME: home, PORT: String(port), ...settings };
  const children: { end(): void }[] = [];
  const ops = (...argv: readonly string[]) => run(process.execPath, [launcher, ...argv], env);
  const addresses = () => addressesOf(home);
  return {
    home,
    port,
    url: `http://127.0.0.1:${port}`,
    ops,
    addresses,
    doctor: async () => {
      const { code, stdout, stderr } = await ops('doctor', '--json');
      if (!stdout.startsWith('{')) throw new Error(`doctor ended with ${code}: ${stderr}`);
      return { code, ...(JSON.parse(stdout) as SeenDiagnosis) };
    },
    paste: (line) => run('bash', ['-ec', line], env),
    sql: (...statements) => withClient(addresses().superuserUrl, statements),
    redis: (...words) => withRedis(addresses().redisUrl, words),
    pid: async (part) => pidOf(await ops('status', '--json'), part),
    background: (command, args, more) => {
      const child = spawn(command, args, { env: { ...env, ...more }, stdio: 'ignore' });
      if (child.pid === undefined) throw new Error(`${command} could not be started`);
      const handle = { pid: child.pid, end: () => void child.kill('SIGKILL') };
      children.push(handle);
      return handle;
    },
    up: async () => {
      const { code, stderr } = await ops('up', '--no-web', '--no-seed', '--no-review', '--json');
      if (code !== 0) throw new Error(`up ended with ${code}: ${stderr}`);
    },
    close: async () => {
      for (const child of children) child.end();
      const { code, stderr } = await ops('down');
      if (code !== 0) throw new Error(`down ended with ${code}: ${stderr}`);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function addressesOf(home: string) {
  const { databaseUrl, redisUrl } = JSON.parse(readFileSync(join(home, 'run/platform.json'), 'utf8')) as {
    databaseUrl: string;
    redisUrl: string;
  };
  const password = /^SANCTUM_POSTGRES_PASSWORD=(.*)$/m.exec(readFileSync(join(home, 'secrets.env'), 'utf8'))?.[1] ?? '';
  const superuser = new URL(databaseUrl);
  superuser.username = 'postgres';
  superuser.password = encodeURIComponent(password);
  return { databaseUrl, redisUrl, superuserUrl: superuser.href };
}

function pidOf({ stdout }: Result, part: string): number {
  const { processes } = JSON.parse(stdout) as { processes: Record<string, { pid: number | null }> };
  const pid = processes[part]?.pid;
  if (typeof pid !== 'number') throw new Error(`status knows no process of ${part}`);
  return pid;
}

async function withClient(url: string, statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'plant', options: '-c default_transaction_read_only=off' });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query<Record<string, unknown>>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

async function withRedis(url: string, [name = '', ...words]: readonly string[]): Promise<unknown> {
  const client = new Redis(url, { lazyConnect: true, enableReadyCheck: false, disableClientInfo: true, retryStrategy: () => null });
  client.on('error', () => undefined); // The rejected promise already carries it.
  await client.connect();
  try {
    return await client.call(name, ...words);
  } finally {
    client.disconnect();
  }
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const child = spawn(command, args, { env, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.once('error', reject);
  child.once('exit', (code) => {
    // What was started in the background may keep the pipes: the end of the command counts.
    setImmediate(() => resolve({ code, stdout, stderr }));
  });
  return promise;
}

/** Waits for a condition with a limit; names what did not happen. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const happened = await waitFor(async () => ((await holds()) ? true : undefined), { timeoutMs: 20_000, intervalMs: 100 });
  if (happened === undefined) throw new Error(`it did not happen: ${what}`);
}
