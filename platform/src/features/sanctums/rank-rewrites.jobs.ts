import { z } from 'zod';
import { defineJob } from '../../jobs/define-job.ts';
import { finishRewrites } from './rank-rewrites.ts';

export const rewriteRanks = defineJob({
  name: 'rewrite_ranks',
  does: 'Brings ranks in line with the visibility of sanctums too large for one transaction; popular feeds wait for it to show what turned public.',
  cron: '* * * * *',
  payload: z.object({}),
  attemptsMax: 5,
  timeoutMs: 240_000,
  handler: async (_payload, { db, signal }) => {
    await finishRewrites(db, signal);
  },
});
