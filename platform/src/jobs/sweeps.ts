/** The jobs that remove what nobody will ask for again, in batches so that no lock and no transaction is long. */
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import type { Query } from '../db/query.ts';
import { defineJob, type Job, type JobContext } from './define-job.ts';
import * as queries from './sweeps.queries.ts';

type Sweep = Query<{ readonly batchMax: 'integer' }, { count: number }>;

const batchMax = 1000;
const batchesMax = 200;
const sweepTimeoutMs = 60_000;
const sweepAttemptsMax = 5;

export function createSweepJobs({ db }: { readonly db: Database }): readonly Job[] {
  const job = (name: string, cron: string, query: Sweep) =>
    defineJob({
      name,
      cron,
      payload: z.object({}),
      attemptsMax: sweepAttemptsMax,
      timeoutMs: sweepTimeoutMs,
      handler: (_payload, context) => sweep(db, query, context),
    });
  return [
    job('sweep_idempotency_keys', '*/10 * * * *', queries.sweepIdempotencyKeys),
    job('sweep_post_rank_changes', '*/5 * * * *', queries.sweepPostRankChanges),
    job('sweep_expired_sessions', '17 * * * *', queries.sweepExpiredSessions),
    job('sweep_invitations', '47 * * * *', queries.sweepInvitations),
  ];
}

/** Stops when a batch was not full. What is left after `batchesMax` waits for the next run. */
async function sweep(db: Database, query: Sweep, context: JobContext): Promise<void> {
  for (let batch = 0; batch < batchesMax; batch += 1) {
    context.signal.throwIfAborted();
    const { count } = await db.one(query, { batchMax });
    if (count < batchMax) return;
  }
}
