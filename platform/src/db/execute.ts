/** Runs one statement on one connection: counted, traced, reported, ended at its bound, its errors told apart. */
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import pg from 'pg';
import { AppError } from '../errors.ts';
import { currentRequest } from '../telemetry/request-context.ts';
import type { QueryEvent } from '../telemetry/query-event.ts';
import type { ParameterDeclaration, Parameters, Query } from './query.ts';
import { errorCodeOf, isConnectionLost, isStorageFull, isTimeout, sqlState } from './sqlstate.ts';
import type { RunningStatement, StatementWatch } from './statement-watch.ts';

export type Execute = <D extends ParameterDeclaration, R>(client: pg.PoolClient, query: Query<D, R>, params: Parameters<D>) => Promise<R[]>;

export interface ExecuteDependencies {
  readonly checkRows: boolean;
  readonly onQuery: ((event: QueryEvent) => void) | undefined;
  readonly watch: StatementWatch;
}

const tracer = trace.getTracer('sanctum.db');

export function createExecute({ checkRows, onQuery, watch }: ExecuteDependencies): Execute {
  return async (client, query, params) => {
    const request = currentRequest();
    if (request !== undefined) request.statements += 1;
    const span = tracer.startSpan(query.name, {
      kind: SpanKind.CLIENT,
      attributes: { 'db.system.name': 'postgresql', 'db.query.summary': query.name },
    });
    const statement = watch.start(client, query.boundMs, query.access === 'read' ? request : undefined);
    const finish = (outcome: 'ok' | 'error', rows: number, state?: string) => {
      watch.end(statement);
      onQuery?.({
        name: query.name,
        durationMs: performance.now() - statement.startedAt,
        rows,
        budgetMs: query.budgetMs,
        outcome,
        sqlState: state,
        cancelled: statement.cancelled,
      });
      span.end();
    };
    try {
      const values = query.parameterNames.map((name) => params[name]);
      const result = await client.query({ name: query.name, text: query.text, values });
      finish('ok', result.rows.length);
      if (checkRows) for (const row of result.rows) query.row.parse(row);
      return result.rows;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      finish('error', 0, errorCodeOf(error));
      throw whenCancelled(statement, error) ?? toAppError(withoutRowData(error));
    }
  };
}

function whenCancelled({ cancelled }: RunningStatement, error: unknown): AppError | undefined {
  if (cancelled === undefined || errorCodeOf(error) !== sqlState.queryCanceled) return undefined;
  // Nobody reads the answer to a client that left: it has to end, not to say something.
  return new AppError(cancelled === 'over-budget' ? 'server.query_over_budget' : 'server.busy', { cause: error, retryAfterSeconds: 2 });
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
export function toAppError(error: unknown): unknown {
  if (isTimeout(error)) return new AppError('server.timeout', { cause: error, retryAfterSeconds: 2 });
  if (isConnectionLost(error)) return new AppError('server.database_unavailable', { cause: error, retryAfterSeconds: 2 });
  if (isStorageFull(error)) return new AppError('server.storage_full', { cause: error, retryAfterSeconds: 30 });
  return error;
}
