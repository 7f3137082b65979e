import pg from 'pg';
import type { ClientBase } from 'pg';
import { MigrationError } from './errors.ts';
import { reasonOf } from './reason.ts';
import type { DatabaseSource, Queryable, SessionSource } from './types.ts';

export const connectTimeoutMs = 5000;

/** SQLSTATE class 28 and 3D000: the server answered and said no. */
export function isRefusal(error: unknown): boolean {
  const code = sqlStateOf(error);
  return code !== null && (code.startsWith('28') || code === '3D000' || code === '42501');
}

/** PostgreSQL's code of an error, or null when the server did not send one. */
export function sqlStateOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

/** Runs work on an open client or pool, or on a client opened for it and closed after it. */
export async function withQueryable<T>(source: DatabaseSource, work: (database: Queryable) => Promise<T>): Promise<T> {
  return typeof source === 'string' ? withOwnClient(source, work) : work(source);
}

/** Like `withQueryable`, for work that needs one session from start to end. */
export async function withSession<T>(source: SessionSource, work: (client: ClientBase) => Promise<T>): Promise<T> {
  return typeof source === 'string' ? withOwnClient(source, work) : work(source);
}

async function withOwnClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'sanctum-migrate',
  });
  let broken: Error | null = null;
  // Without a listener a connection that dies between statements ends the process.
  client.on('error', (error: Error) => {
    broken = error;
  });
  try {
    await client.connect();
  } catch (error) {
    throw connectError(connectionString, error);
  }
  try {
    return await work(client);
  } finally {
    // A connection that already broke has nothing left to say goodbye to.
    if (broken === null) await client.end();
  }
}

function connectError(connectionString: string, error: unknown): MigrationError {
  const where = withoutPassword(connectionString);
  const state = sqlStateOf(error);
  const message = error instanceof Error && error.message !== '' ? error.message : reasonOf(error);
  const fix = isRefusal(error)
    ? 'correct the user, password or database name in DATABASE_URL.'
    : 'start the database (make up) or correct the host and port in DATABASE_URL.';
  return new MigrationError('DATABASE_UNREACHABLE', `Could not connect to ${where}: ${message}.`, {
    fix,
    cause: error,
    ...(state === null ? {} : { sqlState: state }),
  });
}

/** The target as a person may see it: never with its password. */
export function withoutPassword(connectionString: string): string {
  try {
    const url = new URL(connectionString);
    return `${url.hostname}${url.port === '' ? '' : `:${url.port}`}${url.pathname}`;
  } catch {
    // A key=value string is not a URL; none of it is shown, because its password cannot be told apart.
    return 'the given connection string';
  }
}
