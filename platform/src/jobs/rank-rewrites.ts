/** The job that brings ranks in line with the visibility of sanctums too large for one transaction. */
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { finishRewrites } from '../features/sanctums/rank-rewrites.ts';
import { defineJob, type Job } from './define-job.ts';

const rewriteTimeoutMs = 240_000;
const rewriteAttemptsMax = 5;

export function createRankRewriteJob({ db }: { readonly db: Database }): Job {
  return defineJob({
    name: 'rewrite_ranks',
    // Nothing waits for it but posts of a sanctum that turned public; what turned private is out of sight already.
    cron: '* * * * *',
    payload: z.object({}),
    attemptsMax: rewriteAttemptsMax,
    timeoutMs: rewriteTimeoutMs,
    handler: async (_payload, { signal }) => {
      await finishRewrites(db, signal);
    },
  });
}
