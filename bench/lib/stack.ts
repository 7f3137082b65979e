/** A throw-away PostgreSQL filled in bulk, and the platform on it as its user would start it. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { applyMigrations } from '@sanctum/migrations/apply';
import { choosePort } from '@sanctum/platform/local/ports';
import { startTemporaryPostgres } from '@sanctum/platform/local/temporary-postgres';
import pg from 'pg';

export interface Postgres {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** PostgreSQL with statistics of planning, migrated. */
export async function startPostgres(): Promise<Postgres> {
  const server = await startTemporaryPostgres({
    shared_preload_libraries: 'pg_stat_statements',
    'pg_stat_statements.track_planning': 'on',
    shared_buffers: '512MB',
  });
  await applyMigrations({ database: server.url });
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('create extension pg_stat_statements');
  const { rows } = await client.query<{ folder: string }>("select current_setting('data_directory') as folder");
  await client.end();
  const pid = Number(readFileSync(join(rows[0]?.folder ?? '', 'postmaster.pid'), 'utf8').split('\n')[0]);
  return { url: server.url, pid, stop: () => server.stop() };
}

/** One more database on the same server, migrated. */
export async function migrateDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${client.escapeIdentifier(name)}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await applyMigrations({ database: url.href });
  return url.href;
}

export interface Platform {
  readonly pid: number;
  readonly port: number;
  /** Milliseconds from the start of the process to the first 200 of /ready. */
  readonly readyAfterMs: number;
  stop(): Promise<void>;
}

const readyTimeoutMs = 20_000;
const pollMs = 5;
const repositoryRoot = join(import.meta.dirname, '../..');

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/ready`)).ok;
  } catch {
    return false; // Not listening yet.
  }
}

/** The platform of this checkout, or of the one at `root`. */
export async function startPlatform(
  databaseUrl: string,
  env: Readonly<Record<string, string>> = {},
  root = repositoryRoot,
): Promise<Platform> {
  const port = await choosePort();
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, 'platform/bin/platform.js')], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      JWT_SECRET: randomBytes(32).toString('base64url'),
      PORT: String(port),
      RATE_LIMIT_FACTOR: '100000',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  while (!(await isReady(port))) {
    if (child.exitCode !== null || performance.now() - started > readyTimeoutMs) {
      await stop();
      throw new Error(`the platform was not ready: exit code ${child.exitCode}`);
    }
    await wait(pollMs);
  }
  return { pid: child.pid ?? 0, port, readyAfterMs: performance.now() - started, stop };
}
