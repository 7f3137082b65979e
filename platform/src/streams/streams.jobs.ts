import { z } from 'zod';
import { defineJob } from '../jobs/define-job.ts';
import { emptyNextDay } from './stream-days.ts';

/** Often: a run that had to give up leaves the next ones a whole day. */
export const emptyStreamDay = defineJob({
  name: 'empty_stream_day',
  does: 'Empties the partition of the event log that tomorrow needs, which holds what happened a week ago.',
  cron: '23 * * * *',
  payload: z.object({}),
  attemptsMax: 5,
  timeoutMs: 30_000,
  handler: async (_payload, { db }) => {
    await emptyNextDay(db);
  },
});
