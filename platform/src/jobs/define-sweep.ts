/** A job that removes what nobody will ask for again, in batches so that no lock and no transaction is long. */
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import type { Query } from '../db/query.ts';
import { defineJob, type Job, type JobDeclaration } from './define-job.ts';

/** Removes at most `batchMax` rows and returns how many it were. */
type Sweep = Query<{ readonly batchMax: 'integer' }, { count: number }>;

export interface SweepDeclaration extends Pick<Job, 'name' | 'does'> {
  readonly cron: string;
  readonly query: Sweep;
}

const batchMax = 1000;
const batchesMax = 200;
const timeoutMs = 60_000;
const attemptsMax = 5;

export function defineSweep({ query, ...declaration }: SweepDeclaration): JobDeclaration<Record<string, never>> {
  return defineJob({
    ...declaration,
    payload: z.object({}),
    attemptsMax,
    timeoutMs,
    handler: (_payload, { db, signal }) => sweep(db, query, signal),
  });
}

/** Stops when a batch was not full. What is left after `batchesMax` waits for the next run. */
async function sweep(db: Database, query: Sweep, signal: AbortSignal): Promise<void> {
  for (let batch = 0; batch < batchesMax; batch += 1) {
    signal.throwIfAborted();
    const { count } = await db.one(query, { batchMax });
    if (count < batchMax) return;
  }
}
