/**
 * Connections. A client that saw a timeout, a cancellation or a lost connection is destroyed, never put back; waiting for one
 * has its time.
 */
import pg from 'pg';
import { AppError } from '../errors.ts';
import type { BulkheadState } from './bulkheads.ts';
import { isConnectionLost, isTimeout } from './sqlstate.ts';

export interface PoolOptions {
  readonly url: string;
  /** Longest wait for a connection. */
  readonly connectTimeoutMs: number;
  /** Enforced by the server; the driver gives up 500 ms later. */
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly applicationName: string;
  /** An idle connection broke; the pool has already dropped it. */
  readonly onIdleError?: (error: Error) => void;
}

export interface PoolState {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
  readonly bulkheads: readonly BulkheadState[];
}

const clientGraceMs = 500;
const connectionLifetimeSeconds = 1800;

export function openPool(options: PoolOptions, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max,
    connectionTimeoutMillis: options.connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: connectionLifetimeSeconds,
    keepAlive: true,
    application_name: options.applicationName,
    statement_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs + clientGraceMs,
    lock_timeout: options.lockTimeoutMs,
    idle_in_transaction_session_timeout: options.statementTimeoutMs,
    // Every statement is named and prepared: one generic plan, which the plan audit explains as it is.
    options: '-c plan_cache_mode=force_generic_plan',
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  // A connection that breaks while it is taken tells its statement; without a listener it would also end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** `isSpoiled` says what is known about the client besides its errors. Throws `server.busy`, `server.database_unavailable` and what `work` throws. */
export async function withClient<T>(
  pool: pg.Pool,
  isSpoiled: (client: pg.PoolClient) => boolean,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await connect(pool);
  try {
    const result = await work(client);
    client.release(isSpoiled(client));
    return result;
  } catch (error) {
    const cause = error instanceof AppError ? error.cause : error;
    client.release(isSpoiled(client) || isTimeout(cause) || isConnectionLost(cause));
    throw error;
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    if (error instanceof Error && error.message === 'timeout exceeded when trying to connect') {
      throw new AppError('server.busy', { retryAfterSeconds: 1, cause: error });
    }
    throw new AppError('server.database_unavailable', { retryAfterSeconds: 2, cause: error });
  }
}

export function poolState(pool: pg.Pool, max: number, bulkheads: readonly BulkheadState[]): PoolState {
  const waiting = bulkheads.reduce((sum, bulkhead) => sum + bulkhead.waiting, pool.waitingCount);
  return { total: pool.totalCount, idle: pool.idleCount, waiting, max, bulkheads };
}
