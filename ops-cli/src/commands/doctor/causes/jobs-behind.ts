import { defineCause } from '../cause.ts';

const oldestSecondsMax = 120;

export default defineCause({
  id: 'jobs-behind',
  title: 'Jobs arrive faster than they are done',
  judge: ({ database }) => {
    if (database?.state !== 'open' || database.jobs === undefined) return undefined;
    const { ready, workers, oldestReadySeconds } = database.jobs;
    if (workers === 0 || oldestReadySeconds < oldestSecondsMax) return undefined;
    return {
      confidence: 0.45,
      evidence: [`${ready} job(s) could run, the oldest for ${oldestReadySeconds} s; ${workers} session(s) of workers`],
      next: 'npx sanctum-ops down && JOBS_CONCURRENCY=10 npx sanctum-ops up',
    };
  },
});
