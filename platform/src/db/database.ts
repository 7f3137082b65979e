/**
 * Runs catalogue queries. Bounded on every side: connections and waiters per kind (bulkheads.ts), waiting time, each
 * statement by its own bound (statement-watch.ts) and all by the server's timeout, lock time, idle transactions. A client
 * that saw a timeout, a cancellation or a lost connection is destroyed, never put back.
 */
import pg from 'pg';
import { AppError } from '../errors.ts';
import { currentRequest } from '../telemetry/request-context.ts';
import { type BulkheadState, createBulkheads } from './bulkheads.ts';
import { cancelStatement } from './database.queries.ts';
import type { QueryEvent } from '../telemetry/query-event.ts';
import { createExecute } from './execute.ts';
import type { Executor } from './executor.ts';
import { type PooledKind, type Share, shares } from './kinds.ts';
import { isConnectionLost, isTimeout } from './sqlstate.ts';
import { createStatementWatch, isGone } from './statement-watch.ts';
import { createFollow, createTransactions, withCardinality } from './transaction.ts';

export type { Executor } from './executor.ts';

export interface Database extends Executor {
  /** Runs `work` in one transaction; repeats it after a deadlock or a serialization failure. */
  transaction<T>(work: (tx: Executor) => Promise<T>): Promise<T>;
  /** The same database, all of whose work counts as this kind, transactions too. */
  as(kind: PooledKind): Database;
  pool(): PoolState;
  close(): Promise<void>;
}

export interface PoolState {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
  readonly bulkheads: readonly BulkheadState[];
}

export interface DatabaseOptions {
  readonly url: string;
  readonly poolMax: number;
  readonly waitersMax: number;
  /** Longest wait for a connection. */
  readonly connectTimeoutMs: number;
  /** Enforced by the server; the driver gives up 500 ms later. */
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly applicationName: string;
  /** Check every row against the query's shape; on in tests. */
  readonly checkRows?: boolean;
  readonly onQuery?: (event: QueryEvent) => void;
  /** A request of this kind was refused, because its kind was full. */
  readonly onRefused?: (kind: PooledKind) => void;
  /** Which kind may hold how much of the pool; the shares of kinds.ts unless given. */
  readonly shares?: Readonly<Record<PooledKind, Share>>;
  /** An idle connection broke; the pool has already dropped it. */
  readonly onIdleError?: (error: Error) => void;
  /** What was to follow a commit failed. The commit stands. */
  readonly onAfterCommitFailed?: (error: unknown) => void;
}

const clientGraceMs = 500;
const connectionLifetimeSeconds = 1800;
/** For readiness, revocations and cancellations. They take turns, so two are enough for them never to wait for readers. */
const operationsPoolMax = 2;

export function createDatabase(options: DatabaseOptions): Database {
  const pool = openPool(options, options.poolMax);
  const operations = openPool(options, operationsPoolMax);
  const bulkheads = createBulkheads({
    poolMax: options.poolMax,
    waitersMax: options.waitersMax,
    waitMs: options.connectTimeoutMs,
    shares: options.shares ?? shares,
    ...(options.onRefused === undefined ? {} : { onRefused: options.onRefused }),
  });
  const watch = createStatementWatch({
    cancel: async (pid) => {
      await onClient(operations, (client) => execute(client, cancelStatement, { pid }));
    },
    onCancelFailed: (error) => options.onIdleError?.(error instanceof Error ? error : new Error(String(error))),
  });
  const execute = createExecute({ checkRows: options.checkRows === true, onQuery: options.onQuery, watch });
  const follow = createFollow((error) => options.onAfterCommitFailed?.(error));
  const runTransaction = createTransactions({ execute, follow });

  async function onClient<T>(from: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await connect(from);
    try {
      const result = await work(client);
      client.release(watch.isSpoiled(client));
      return result;
    } catch (error) {
      const cause = error instanceof AppError ? error.cause : error;
      client.release(watch.isSpoiled(client) || isTimeout(cause) || isConnectionLost(cause));
      throw error;
    }
  }

  async function within<T>(kind: PooledKind, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    await bulkheads.enter(kind);
    try {
      return await onClient(pool, work);
    } finally {
      bulkheads.leave(kind);
    }
  }

  function view(counted: PooledKind | undefined): Database {
    const run: Executor['run'] = async (query, params) => {
      const once = () => {
        if (query.kind === 'operations') return onClient(operations, (client) => execute(client, query, params));
        // It waited for its turn, and nobody waits for it any longer.
        return within(counted ?? query.kind, async (client) => {
          if (query.access === 'read' && isGone(currentRequest())) throw new AppError('server.busy', { retryAfterSeconds: 1 });
          return await execute(client, query, params);
        });
      };
      try {
        return await once();
      } catch (error) {
        const stale = error instanceof AppError && error.code === 'server.database_unavailable' && isConnectionLost(error.cause);
        // A pooled connection may have died while idle; a read is safe to repeat once.
        if (!stale || query.access !== 'read') throw error;
        return await once();
      }
    };
    return {
      ...withCardinality(run),
      afterCommit: follow,
      transaction: (work) => runTransaction((inner) => within(counted ?? 'write', inner), work),
      as: view,
      pool: () => poolState(pool, options.poolMax, bulkheads.states()),
      close: async () => {
        await Promise.all([pool.end(), operations.end()]);
        watch.close();
      },
    };
  }
  return view(undefined);
}

function openPool(options: DatabaseOptions, max: number): pg.Pool {
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

function poolState(pool: pg.Pool, max: number, bulkheads: readonly BulkheadState[]): PoolState {
  const waiting = bulkheads.reduce((sum, bulkhead) => sum + bulkhead.waiting, pool.waitingCount);
  return { total: pool.totalCount, idle: pool.idleCount, waiting, max, bulkheads };
}
