/**
 * Ends statements that may not go on: those past their bound, and reads whose client has left. One timer looks at all that
 * run, so a statement on its way costs an entry in a set and no timer, no round trip.
 *
 * A cancelled statement's connection is never used again: the cancellation may arrive after the statement has
 * ended, and would then hit the next one.
 */
import type pg from 'pg';
import type { CancelReason } from '../telemetry/query-event.ts';
import type { RequestContext } from '../telemetry/request-context.ts';

export interface RunningStatement {
  readonly client: pg.PoolClient;
  readonly startedAt: number;
  readonly boundMs: number;
  /** Set when its end makes no difference to anyone but the request: a read. */
  readonly request: RequestContext | undefined;
  cancelled: CancelReason | undefined;
}

export interface StatementWatch {
  start(client: pg.PoolClient, boundMs: number, request: RequestContext | undefined): RunningStatement;
  end(statement: RunningStatement): void;
  /** True once a statement of this connection was cancelled. */
  isSpoiled(client: pg.PoolClient): boolean;
  close(): void;
}

export interface StatementWatchOptions {
  /** Asks the server to cancel what this backend runs. */
  readonly cancel: (backendPid: number) => Promise<void>;
  /** The server could not be asked; its own statement timeout ends the statement. */
  readonly onCancelFailed: (error: unknown) => void;
}

const lookEveryMs = 50;

export function createStatementWatch({ cancel, onCancelFailed }: StatementWatchOptions): StatementWatch {
  // As many as the pool has connections.
  const running = new Set<RunningStatement>();
  const spoiled = new WeakSet<pg.PoolClient>();

  function reasonToCancel(statement: RunningStatement, now: number): CancelReason | undefined {
    if (now - statement.startedAt > statement.boundMs) return 'over-budget';
    return isGone(statement.request) ? 'client-gone' : undefined;
  }

  const timer = setInterval(() => {
    const now = performance.now();
    for (const statement of running) {
      if (statement.cancelled !== undefined) continue;
      const reason = reasonToCancel(statement, now);
      const pid = reason === undefined ? undefined : backendPidOf(statement.client);
      if (reason === undefined || pid === undefined) continue;
      statement.cancelled = reason;
      spoiled.add(statement.client);
      cancel(pid).catch(onCancelFailed);
    }
  }, lookEveryMs);
  timer.unref();

  return {
    start(client, boundMs, request) {
      const statement: RunningStatement = { client, startedAt: performance.now(), boundMs, request, cancelled: undefined };
      running.add(statement);
      return statement;
    },
    end: (statement) => void running.delete(statement),
    isSpoiled: (client) => spoiled.has(client),
    close: () => clearInterval(timer),
  };
}

/** True when nobody waits for what this request reads. */
export function isGone(request: RequestContext | undefined): boolean {
  return request !== undefined && request.clientGone === true && (request.sharedLoads ?? 0) === 0;
}

/** The driver knows it and its types do not. */
function backendPidOf(client: pg.PoolClient): number | undefined {
  return 'processID' in client && typeof client.processID === 'number' ? client.processID : undefined;
}
