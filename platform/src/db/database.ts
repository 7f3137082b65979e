/**
 * Runs catalogue queries. Bounded on every side: connections, waiters, waiting time, statement time, lock time,
 * idle transactions. A client that saw a timeout or a lost connection is destroyed, never put back.
 */
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import pg from 'pg';
import { AppError } from '../errors.ts';
import { currentRequest } from '../telemetry/request-context.ts';
import type { ParameterDeclaration, Parameters, Query } from './query.ts';
import { errorCodeOf, isConnectionLost, isRetryable, isStorageFull, isTimeout } from './sqlstate.ts';

/** What a repository needs: the pool, or one transaction. */
export interface Executor {
  run<D extends ParameterDeclaration, R>(query: Query<D, R>, params: Parameters<D>): Promise<R[]>;
  /** The only row. Throws when there is none. */
  one<D extends ParameterDeclaration, R>(query: Query<D, R>, params: Parameters<D>): Promise<R>;
  maybeOne<D extends ParameterDeclaration, R>(query: Query<D, R>, params: Parameters<D>): Promise<R | undefined>;
}

export interface Database extends Executor {
  /** Runs `work` in one transaction; repeats it after a deadlock or a serialization failure. */
  transaction<T>(work: (tx: Executor) => Promise<T>): Promise<T>;
  pool(): PoolState;
  close(): Promise<void>;
}

export interface PoolState {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
}

export interface QueryEvent {
  readonly name: string;
  readonly durationMs: number;
  readonly rows: number;
  readonly budgetMs: number;
  readonly outcome: 'ok' | 'error';
  readonly sqlState: string | undefined;
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
  /** An idle connection broke; the pool has already dropped it. */
  readonly onIdleError?: (error: Error) => void;
}

const transactionAttemptsMax = 3;
const clientGraceMs = 500;
const connectionLifetimeSeconds = 1800;
const tracer = trace.getTracer('sanctum.db');

export function createDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolMax,
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

  async function checkout(): Promise<pg.PoolClient> {
    if (pool.idleCount === 0 && pool.waitingCount >= options.waitersMax) {
      throw new AppError('server.busy', { retryAfterSeconds: 1 });
    }
    try {
      return await pool.connect();
    } catch (error) {
      if (error instanceof Error && error.message === 'timeout exceeded when trying to connect') {
        throw new AppError('server.busy', { retryAfterSeconds: 1, cause: error });
      }
      throw new AppError('server.database_unavailable', { retryAfterSeconds: 2, cause: error });
    }
  }

  async function onClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await checkout();
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      const cause = error instanceof AppError ? error.cause : error;
      client.release(isTimeout(cause) || isConnectionLost(cause));
      throw error;
    }
  }

  const execute = createExecute(options);
  const run: Executor['run'] = async (query, params) => {
    try {
      return await onClient((client) => execute(client, query, params));
    } catch (error) {
      const stale = error instanceof AppError && error.code === 'server.database_unavailable' && isConnectionLost(error.cause);
      // A pooled connection may have died while idle; a read is safe to repeat once.
      if (!stale || query.access !== 'read') throw error;
      return await onClient((client) => execute(client, query, params));
    }
  };

  return {
    ...withCardinality(run),
    transaction: (work) => runTransaction(onClient, execute, work),
    pool: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount, max: options.poolMax }),
    close: () => pool.end(),
  };
}

type Execute = <D extends ParameterDeclaration, R>(client: pg.PoolClient, query: Query<D, R>, params: Parameters<D>) => Promise<R[]>;

function createExecute(options: DatabaseOptions): Execute {
  return async (client, query, params) => {
    const request = currentRequest();
    if (request !== undefined) request.statements += 1;
    const started = performance.now();
    const span = tracer.startSpan(query.name, {
      kind: SpanKind.CLIENT,
      attributes: { 'db.system.name': 'postgresql', 'db.query.summary': query.name },
    });
    const report = (outcome: 'ok' | 'error', rows: number, state?: string) => {
      options.onQuery?.({
        name: query.name,
        durationMs: performance.now() - started,
        rows,
        budgetMs: query.budgetMs,
        outcome,
        sqlState: state,
      });
      span.end();
    };
    try {
      const values = query.parameterNames.map((name) => params[name]);
      const result = await client.query({ name: query.name, text: query.text, values });
      report('ok', result.rows.length);
      if (options.checkRows === true) for (const row of result.rows) query.row.parse(row);
      return result.rows;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      report('error', 0, errorCodeOf(error));
      throw toAppError(withoutRowData(error));
    }
  };
}

/** PostgreSQL quotes the row it refuses, hashes and addresses included: an error that may be logged does not carry it. */
function withoutRowData(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) {
    error.detail = undefined;
    error.where = undefined;
  }
  return error;
}

/** Timeouts and lost connections become 503s; everything else stays what it is for the caller to judge. */
function toAppError(error: unknown): unknown {
  if (isTimeout(error)) return new AppError('server.timeout', { cause: error, retryAfterSeconds: 2 });
  if (isConnectionLost(error)) return new AppError('server.database_unavailable', { cause: error, retryAfterSeconds: 2 });
  if (isStorageFull(error)) return new AppError('server.storage_full', { cause: error, retryAfterSeconds: 30 });
  return error;
}

function withCardinality(run: Executor['run']): Executor {
  const maybeOne: Executor['maybeOne'] = async (query, params) => (await run(query, params))[0];
  return {
    run,
    maybeOne,
    one: async (query, params) => {
      const row = await maybeOne(query, params);
      if (row === undefined) throw new Error(`query "${query.name}" promised a row and returned none`);
      return row;
    },
  };
}

async function runTransaction<T>(
  onClient: <U>(work: (client: pg.PoolClient) => Promise<U>) => Promise<U>,
  execute: Execute,
  work: (tx: Executor) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await onClient(async (client) => {
        await control(client, 'begin');
        try {
          const result = await work(withCardinality((query, params) => execute(client, query, params)));
          await control(client, 'commit');
          return result;
        } catch (error) {
          await rollback(client, error);
          throw error;
        }
      });
    } catch (error) {
      if (attempt >= transactionAttemptsMax || !isRetryable(error)) throw error;
    }
  }
}

async function control(client: pg.PoolClient, statement: 'begin' | 'commit'): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    throw toAppError(error);
  }
}

async function rollback(client: pg.PoolClient, reason: unknown): Promise<void> {
  const cause = reason instanceof AppError ? reason.cause : reason;
  if (isTimeout(cause) || isConnectionLost(cause)) return; // The client is destroyed; the server rolls back.
  await client.query('rollback');
}
