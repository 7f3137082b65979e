/**
 * Runs catalogue queries. Bounded on every side: connections and waiters per kind (bulkheads.ts), waiting time, each
 * statement by its own bound (statement-watch.ts) and all by the server's timeout, lock time, idle transactions.
 */
import type pg from 'pg';
import { AppError } from '../errors.ts';
import { currentRequest } from '../telemetry/request-context.ts';
import { createBulkheads } from './bulkheads.ts';
import { cancelStatement } from './database.queries.ts';
import type { QueryEvent } from '../telemetry/query-event.ts';
import { createExecute } from './execute.ts';
import type { Executor } from './executor.ts';
import { type PooledKind, type Share, shares } from './kinds.ts';
import { openPool, type PoolOptions, type PoolState, poolState, withClient } from './pool.ts';
import { isConnectionLost } from './sqlstate.ts';
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

export interface DatabaseOptions extends PoolOptions {
  readonly poolMax: number;
  readonly waitersMax: number;
  /** Check every row against the query's shape; on in tests. */
  readonly checkRows?: boolean;
  readonly onQuery?: (event: QueryEvent) => void;
  /** A request of this kind was refused, because its kind was full. */
  readonly onRefused?: (kind: PooledKind) => void;
  /** Which kind may hold how much of the pool; the shares of kinds.ts unless given. */
  readonly shares?: Readonly<Record<PooledKind, Share>>;
  /** What was to follow a commit failed. The commit stands. */
  readonly onAfterCommitFailed?: (error: unknown) => void;
}

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

  const onClient = <T>(from: pg.Pool, work: (client: pg.PoolClient) => Promise<T>) =>
    withClient(from, (client) => watch.isSpoiled(client), work);

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
      return query.access === 'read' ? await repeatedWhenStale(once) : await once();
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

/** A pooled connection may have died while idle; a read is safe to repeat once. */
async function repeatedWhenStale<T>(once: () => Promise<T>): Promise<T> {
  try {
    return await once();
  } catch (error) {
    const stale = error instanceof AppError && error.code === 'server.database_unavailable' && isConnectionLost(error.cause);
    if (!stale) throw error;
    return await once();
  }
}
