import type pg from 'pg';
import * as queries from '../doctor.queries.ts';

export interface JobsSight {
  readonly dead: number;
  readonly stuck: number;
  readonly ready: number;
  readonly oldestReadySeconds: number;
  readonly workers: number;
  /** The first few that are dead or stuck. */
  readonly troubled: readonly { id: string; task: string; attempts: number; error: string; is_locked: boolean }[];
}

/** Undefined before the first start of a worker, which makes its tables. */
export async function readJobs(client: pg.Client): Promise<JobsSight | undefined> {
  if ((await client.query<{ has_jobs: boolean }>(queries.hasJobs)).rows[0]?.has_jobs !== true) return undefined;
  const counts = (await client.query<{ dead: number; stuck: number; ready: number; oldest_ready_seconds: number }>(queries.jobCounts))
    .rows[0];
  if (counts === undefined) throw new Error('the count of jobs has no row');
  const workers = (await client.query<{ workers: number }>(queries.jobWorkers)).rows[0]?.workers ?? 0;
  const troubled = counts.dead + counts.stuck === 0 ? [] : (await client.query<JobsSight['troubled'][number]>(queries.troubledJobs)).rows;
  return {
    dead: counts.dead,
    stuck: counts.stuck,
    ready: counts.ready,
    oldestReadySeconds: counts.oldest_ready_seconds,
    workers,
    troubled,
  };
}
