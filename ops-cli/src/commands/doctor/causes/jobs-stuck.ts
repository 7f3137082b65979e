import { defineCause } from '../cause.ts';
import type { Cure } from '../cause.ts';
import * as queries from '../doctor.queries.ts';

export default defineCause({
  id: 'jobs-stuck',
  title: 'Jobs are held by a worker that died',
  judge: ({ database }) => {
    if (database?.state !== 'open' || database.jobs === undefined || database.jobs.stuck === 0) return undefined;
    const { stuck, troubled, workers } = database.jobs;
    return {
      confidence: 0.68,
      evidence: [
        `${stuck} job(s) are locked for more than two minutes; ${workers} session(s) of workers`,
        ...troubled.filter((job) => job.is_locked).map((job) => `${job.task} (id ${job.id})`),
      ],
      cure,
    };
  },
});

const cure: Cure = {
  does: ['SQL: free the jobs of workers whose locks are older than two minutes'],
  run: async ({ sql }) => {
    await sql(queries.releaseStuckJobs);
  },
};
