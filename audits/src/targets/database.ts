import pg from 'pg';
import { CouldNotLook } from '../check.ts';
import type { DatabaseTarget } from '../check.ts';

/** How the sessions of a review show in `pg_stat_activity`. */
export const applicationName = 'sanctum-audits';

const connectionsMax = 4;
const connectTimeoutMs = 3_000;
/** Below every check's own time limit, so that PostgreSQL itself stops the work. */
const statementTimeoutMs = 8_000;
const lockTimeoutMs = 1_000;
const clientTimeoutMs = 10_000;

const rowTypes = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    // 20 is int8: counts and ids of an audit fit a double, and a string would compare wrongly.
    oid === 20 ? Number : pg.types.getTypeParser(oid, format as 'text'),
};

export type StatementListener = (text: string, values: readonly unknown[] | undefined) => void;

export interface OpenedDatabase {
  readonly target: DatabaseTarget;
  close(): Promise<void>;
}

/**
 * A read-only view of one PostgreSQL database by URL. The first connection is made here.
 * Throws `CouldNotLook` when the server cannot be reached or refuses us.
 */
export async function openDatabase(url: string, onStatement?: StatementListener): Promise<OpenedDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: clientTimeoutMs,
    application_name: applicationName,
    types: rowTypes,
    allowExitOnIdle: true,
  });
  // An idle client that dies is replaced by the pool; the next query reports the reason.
  pool.on('error', () => undefined);

  async function readOnly<T>(work: (query: DatabaseTarget['query']) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    try {
      await client.query(
        `begin transaction read only; set local statement_timeout = ${statementTimeoutMs}; set local lock_timeout = ${lockTimeoutMs}`,
      );
      return await work(async <Row extends object>(text: string, values?: readonly unknown[]) => {
        onStatement?.(text, values);
        const answer = await client.query<Row>(text, values as unknown[] | undefined);
        return answer.rows;
      });
    } finally {
      const rolledBack = await client.query('rollback').then(
        () => true,
        () => false,
      );
      // A client that cannot roll back is in an unknown state: destroy it.
      client.release(!rolledBack);
    }
  }

  try {
    const client = await pool.connect();
    client.release();
  } catch (error) {
    await pool.end();
    throw explain(error, url);
  }
  return {
    target: {
      readOnly,
      query: (text, values) => readOnly((query) => query(text, values)),
    },
    close: () => pool.end(),
  };
}

/** `host:port/database` of a connection string, for people; never the user's name or password. */
export function databaseLabel(url: string): string {
  try {
    const parsed = new URL(url);
    const host = parsed.hostname || parsed.searchParams.get('host') || 'local socket';
    return `postgresql ${host}${parsed.port ? `:${parsed.port}` : ''}${parsed.pathname}`;
  } catch {
    return 'postgresql (the URL cannot be read)';
  }
}

function explain(error: unknown, url: string): CouldNotLook {
  const label = databaseLabel(url);
  const code = (error as { code?: string }).code ?? '';
  const message = error instanceof Error ? error.message : String(error);
  const known: Record<string, string> = {
    ECONNREFUSED: 'Start the database (npx sanctum-ops up), or point DATABASE_URL at a running one.',
    ENOENT: 'Start the database (npx sanctum-ops up): its socket file does not exist.',
    ENOTFOUND: 'Correct the host name in DATABASE_URL.',
    EAI_AGAIN: 'Correct the host name in DATABASE_URL, or wait for name resolution to come back.',
    ERR_INVALID_URL: 'Write DATABASE_URL as postgres://user:password@host:5432/database.',
    '28P01': 'Correct the user or the password in DATABASE_URL.',
    '28000': 'Let this user in (pg_hba.conf), or use another one in DATABASE_URL.',
    '3D000': 'Correct the database name in DATABASE_URL, or create the database.',
    '53300': 'The server has no free connection: close some, or raise max_connections.',
    '57P03': 'The server is starting up or shutting down: wait, then run again.',
  };
  const fix = known[code] ?? 'Check that DATABASE_URL is right and that the server answers: psql "$DATABASE_URL" -c "select 1".';
  return new CouldNotLook(`${label} cannot be read: ${message}${code ? ` (${code})` : ''}.`, { fix, cause: error });
}
