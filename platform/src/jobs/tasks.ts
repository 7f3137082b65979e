/** Turns declared jobs into the worker's tasks: payload checked, time bounded, request id carried on. */
import { randomUUID } from 'node:crypto';
import type { CronItem, JobHelpers, TaskList } from 'graphile-worker';
import { z } from 'zod';
import { runInRequest } from '../telemetry/request-context.ts';
import type { Job, JobContext } from './define-job.ts';

export interface JobEvent {
  readonly name: string;
  readonly requestId: string;
  readonly attempt: number;
  readonly durationMs: number;
  /** failed: it will be tried again; dead: it was the last attempt. */
  readonly outcome: 'ok' | 'failed' | 'dead';
  readonly error?: unknown;
}

const envelopeShape = z.object({ meta: z.object({ requestId: z.string().optional() }), data: z.unknown() });

export interface TasksDependencies extends Pick<JobContext, 'db' | 'streams' | 'files'> {
  readonly onJob: ((event: JobEvent) => void) | undefined;
}

export function createTasks(jobs: readonly Job[], dependencies: TasksDependencies): TaskList {
  return Object.fromEntries(
    jobs.map((job) => [job.name, (payload: unknown, helpers: JobHelpers) => attempt(job, payload, helpers, dependencies)]),
  );
}

/** One cron entry per job that runs by itself. */
export function cronItemsOf(jobs: readonly Job[]): CronItem[] {
  return jobs.flatMap(({ name, cron, attemptsMax }) =>
    cron === undefined
      ? []
      : [
          {
            task: name,
            match: cron,
            identifier: name,
            options: { maxAttempts: attemptsMax, jobKey: `cron:${name}`, jobKeyMode: 'preserve_run_at' as const },
          },
        ],
  );
}

async function attempt(job: Job, stored: unknown, helpers: JobHelpers, { db, streams, files, onJob }: TasksDependencies): Promise<void> {
  const started = performance.now();
  const { attempts, max_attempts: attemptsMax } = helpers.job;
  // A job put there by cron has no envelope: it has no payload and nobody asked for it.
  const envelope = envelopeShape.safeParse(stored).data ?? { meta: {}, data: {} };
  const requestId = envelope.meta.requestId ?? randomUUID();
  const report = (outcome: JobEvent['outcome'], error?: unknown) =>
    onJob?.({
      name: job.name,
      requestId,
      attempt: attempts,
      durationMs: performance.now() - started,
      outcome,
      ...(error === undefined ? {} : { error }),
    });
  try {
    // A list of jobs has no common type for what they take; its own shape has parsed this one.
    const payload = job.payload.parse(envelope.data) as never;
    const signal = AbortSignal.any([helpers.abortSignal, AbortSignal.timeout(job.timeoutMs)]);
    await Promise.race([
      runInRequest({ requestId, statements: 0 }, () => job.handler(payload, { db, streams, files, signal, attempt: attempts })),
      rejectOnAbort(job, signal),
    ]);
  } catch (error) {
    report(attempts >= attemptsMax ? 'dead' : 'failed', error);
    throw error;
  }
  report('ok');
}

function rejectOnAbort(job: Job, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () =>
      reject(
        new Error(`job "${job.name}" was stopped: its ${job.timeoutMs} ms were over, or the process is shutting down`, {
          cause: signal.reason,
        }),
      );
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
