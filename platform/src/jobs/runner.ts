/**
 * Supervises the worker that runs background jobs.
 *
 * stopped → starting: start() was called, or a restart is due. The worker's schema is brought up to date and the worker
 *   connects. Fails while PostgreSQL is away: → waiting.
 * starting → running: the worker looks for jobs. A look at the queue every `watchIntervalMs` frees the jobs of dead
 *   processes and measures the queue.
 * running → waiting: the worker ended by itself (its promise settled), or it is wedged: jobs have been ready for
 *   `wedgedAfterMs` and in all that time this worker took none although it had room (graphile/worker#592, #541).
 * waiting → starting: after a delay that doubles from 200 ms to 10 s and is short again once the worker ran for a while.
 * any → stopped: stop() was called. Running handlers see their signal abort, and after `stopTimeoutMs` the worker is left behind:
 *   its jobs are freed by the next look of any process.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Job, JobContext } from './define-job.ts';
import { createQueueLook, type QueueState } from './queue-look.ts';
import type { JobEvent } from './tasks.ts';
import { createWorker, type Worker } from './worker.ts';

export interface JobRunnerEvent {
  readonly kind: 'started' | 'worker-ended' | 'wedged' | 'start-failed' | 'watch-failed' | 'abandoned-released';
  readonly error?: unknown;
  readonly count?: number;
}

export interface JobRunnerDependencies extends Pick<JobContext, 'db' | 'streams' | 'files'> {
  /** The worker listens and writes on connections of its own. */
  readonly databaseUrl: string;
  readonly jobs: readonly Job[];
  readonly concurrency?: number;
  readonly watchIntervalMs?: number;
  readonly wedgedAfterMs?: number;
  readonly stopTimeoutMs?: number;
  readonly onJob?: (event: JobEvent) => void;
  readonly onQueueState?: (state: QueueState) => void;
  readonly onEvent?: (event: JobRunnerEvent) => void;
}

export interface JobRunner {
  /** Resolves when the worker runs, or when its first start failed and will be repeated. Never rejects. */
  start(): Promise<void>;
  stop(): Promise<void>;
  state(): 'stopped' | 'starting' | 'running' | 'waiting';
}

const restartDelayMinMs = 200;
const restartDelayMaxMs = 10_000;
const steadyAfterMs = 30_000;

export function createJobRunner(options: JobRunnerDependencies): JobRunner {
  const { db, databaseUrl, jobs, concurrency = 2, watchIntervalMs = 5000, wedgedAfterMs = 60_000, stopTimeoutMs = 5000 } = options;
  const { streams, files } = options;
  let state: ReturnType<JobRunner['state']> = 'stopped';
  let lifetime = new AbortController();
  let supervision: Promise<void> | undefined;

  const report = (kind: JobRunnerEvent['kind'], details: Omit<JobRunnerEvent, 'kind'> = {}) => options.onEvent?.({ kind, ...details });
  const look = createQueueLook({
    db,
    jobs,
    onAbandoned: (count) => report('abandoned-released', { count }),
    onState: (seen) => options.onQueueState?.(seen),
  });

  /** Returns when the worker has to be replaced. */
  async function watch(worker: Worker, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const ended = await Promise.race([worker.ended, pause(watchIntervalMs, signal).then(() => undefined)]);
      if (signal.aborted) return;
      if (ended !== undefined) return report('worker-ended', ended);
      try {
        if (isWedged(worker, await look(), concurrency, wedgedAfterMs)) return report('wedged');
      } catch (error) {
        report('watch-failed', { error });
      }
    }
  }

  async function supervise(signal: AbortSignal, onFirst: () => void): Promise<void> {
    let delayMs = restartDelayMinMs;
    while (!signal.aborted) {
      state = 'starting';
      const started = performance.now();
      try {
        const worker = await createWorker({ db, streams, files, databaseUrl, jobs, concurrency, stopTimeoutMs, onJob: options.onJob });
        state = 'running';
        report('started');
        onFirst();
        await watch(worker, signal);
        await worker.stop();
      } catch (error) {
        report('start-failed', { error });
      }
      onFirst();
      if (signal.aborted) return;
      state = 'waiting';
      delayMs = performance.now() - started > steadyAfterMs ? restartDelayMinMs : Math.min(restartDelayMaxMs, delayMs * 2);
      await pause(delayMs, signal);
    }
  }

  return {
    start: async () => {
      if (supervision !== undefined) return;
      lifetime = new AbortController();
      await new Promise<void>((resolve) => {
        supervision = supervise(lifetime.signal, resolve);
      });
    },
    stop: async () => {
      lifetime.abort();
      await supervision;
      supervision = undefined;
      state = 'stopped';
    },
    state: () => state,
  };
}

function isWedged(worker: Worker, seen: QueueState, concurrency: number, wedgedAfterMs: number): boolean {
  const quietMs = performance.now() - worker.lastTakenAtMs();
  return worker.busy() < concurrency && seen.oldestReadySeconds * 1000 > wedgedAfterMs && quietMs > wedgedAfterMs;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal, ref: false }).catch(() => {
    // Being woken early by the stop is what the signal is for.
  });
}
