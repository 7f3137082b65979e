/** One running graphile-worker on connections of its own. Its schema, graphile_worker, belongs to it and is migrated by it. */
import type { Logger, WorkerEvents } from 'graphile-worker';
import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Job, JobContext } from './define-job.ts';
import { createTasks, cronItemsOf, type JobEvent } from './tasks.ts';

/** `db` is for the jobs; the worker itself has connections of its own. */
export interface WorkerDependencies extends Pick<JobContext, 'db' | 'streams' | 'files'> {
  readonly databaseUrl: string;
  readonly jobs: readonly Job[];
  readonly concurrency: number;
  readonly stopTimeoutMs: number;
  readonly onJob: ((event: JobEvent) => void) | undefined;
}

export interface Worker {
  /** Settles when the worker ended without being asked; never rejects. */
  readonly ended: Promise<{ readonly error?: unknown }>;
  /** Clock of performance.now(): the last time it took a job, or was created. */
  lastTakenAtMs(): number;
  /** Jobs it runs at this moment. */
  busy(): number;
  /** Returns within the stop timeout, finished or not. Never rejects. */
  stop(): Promise<void>;
}

/** Connections besides one per running job: the listener, and one to take jobs with. */
const connectionsBesidesJobs = 2;
const connectTimeoutMs = 5000;
const pollIntervalMs = 2000;
const statementTimeoutMs = 30_000;

function createPool(databaseUrl: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: 'sanctum-jobs',
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
  });
  // An idle connection that breaks is dropped and replaced; without a listener it would end the process.
  pool.on('error', () => {});
  // One that breaks while it is taken fails its statement; without a listener it would end the process as well.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Throws when the database cannot be reached. */
export async function createWorker(options: WorkerDependencies): Promise<Worker> {
  const { run, parseCronItems } = await import('graphile-worker');
  const pool = createPool(options.databaseUrl, options.concurrency + connectionsBesidesJobs);
  const events: WorkerEvents = new EventEmitter();
  let lastTakenAtMs = performance.now();
  let busy = 0;
  events.on('job:start', () => {
    lastTakenAtMs = performance.now();
    busy += 1;
  });
  events.on('job:complete', () => {
    busy -= 1;
  });
  try {
    const runner = await run({
      pgPool: pool,
      concurrency: options.concurrency,
      pollInterval: pollIntervalMs,
      noHandleSignals: true,
      taskList: createTasks(options.jobs, options),
      parsedCronItems: parseCronItems(cronItemsOf(options.jobs)),
      events,
      logger: await quietLogger(),
      preset: {
        worker: {
          gracefulShutdownAbortTimeout: Math.floor(options.stopTimeoutMs / 2),
          // Written down in batches, even of one: only then does a failure to write reach `promise`; otherwise
          // (0.18.0) it is an unhandled rejection, which would end the process whenever PostgreSQL restarts.
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
        },
      },
    });
    const ended = runner.promise.then(
      () => ({}),
      (error: unknown) => ({ error }),
    );
    return {
      ended,
      lastTakenAtMs: () => lastTakenAtMs,
      busy: () => busy,
      stop: () => stopWithin(options.stopTimeoutMs, () => runner.stop(), pool),
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

async function stopWithin(timeoutMs: number, stop: () => Promise<void>, pool: pg.Pool): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  const gone = stop()
    .catch(() => {
      // It may have stopped by itself: either way it is over.
    })
    .then(() => pool.end())
    .catch(() => {
      // Its connections may be broken already: they are gone all the same.
    });
  await Promise.race([gone, late]);
  clearTimeout(timer);
}

/** What matters of the worker's own log arrives through the events. */
async function quietLogger(): Promise<Logger> {
  const { Logger } = await import('graphile-worker');
  return new Logger(() => () => {});
}
