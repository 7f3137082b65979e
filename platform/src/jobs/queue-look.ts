/** One look at the queue: frees the jobs of dead processes and measures what waits. */
import type { Database } from '../db/database.ts';
import { type Job, jobTimeoutMsMax } from './define-job.ts';
import { queueState, releaseAbandoned } from './jobs.queries.ts';

export interface QueueState {
  readonly ready: number;
  readonly scheduled: number;
  readonly running: number;
  /** Jobs that used up their attempts. */
  readonly dead: number;
  /** Age of the oldest ready job. */
  readonly oldestReadySeconds: number;
}

export interface QueueLookDependencies {
  readonly db: Database;
  readonly jobs: readonly Job[];
  /** So many locks were older than any attempt may be. */
  readonly onAbandoned: (count: number) => void;
  readonly onState: (state: QueueState) => void;
}

const abandonedMarginMs = 15_000;
const millisecondsPerSecond = 1000;

export function createQueueLook({ db, jobs, onAbandoned, onState }: QueueLookDependencies): () => Promise<QueueState> {
  const longestAttemptMs = Math.min(jobTimeoutMsMax, Math.max(0, ...jobs.map((job) => job.timeoutMs)));
  const known = jobs.map(({ name }) => name);

  return async () => {
    const { count } = await db.one(releaseAbandoned, { olderThanSeconds: (longestAttemptMs + abandonedMarginMs) / millisecondsPerSecond });
    if (count > 0) onAbandoned(count);
    const { ready, scheduled, running, dead, oldest_ready_seconds: oldestReadySeconds } = await db.one(queueState, { known });
    const seen = { ready, scheduled, running, dead, oldestReadySeconds };
    onState(seen);
    return seen;
  };
}
