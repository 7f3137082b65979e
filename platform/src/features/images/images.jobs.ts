import { z } from 'zod';
import { defineJob } from '../../jobs/define-job.ts';
import { sweepImages } from './image-sweep.ts';

export const sweepConversationImages = defineJob({
  name: 'sweep_images',
  does: 'Removes the files of pictures that are in no message an hour after they came, or whose message was deleted.',
  cron: '*/10 * * * *',
  payload: z.object({}),
  attemptsMax: 5,
  timeoutMs: 240_000,
  handler: (_payload, { db, files, signal }) => sweepImages(db, files, signal),
});
