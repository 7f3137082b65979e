import { defineCause } from '../cause.ts';

const oldestSecondsMax = 30;

export default defineCause({
  id: 'jobs-no-worker',
  title: 'Jobs wait and nobody works on them',
  explains: ['jobs-stuck', 'jobs-behind'],
  judge: ({ database, platform, isLocal }) => {
    if (database?.state !== 'open' || database.jobs === undefined) return undefined;
    const { ready, workers, oldestReadySeconds } = database.jobs;
    // While the platform itself is down that is the cause, not this.
    if (isLocal && platform?.process !== 'alive') return undefined;
    if (workers > 0 || ready === 0 || oldestReadySeconds < oldestSecondsMax) return undefined;
    const isSwitchedOff = platform?.run?.settings['JOBS_ENABLED'] === 'false';
    return {
      confidence: 0.7,
      evidence: [
        `${ready} job(s) could run, the oldest for ${oldestReadySeconds} s, and no worker is connected`,
        ...(isSwitchedOff ? ['the platform was started with JOBS_ENABLED=false'] : []),
      ],
      next: isLocal ? 'npx sanctum-ops down && JOBS_ENABLED=true npx sanctum-ops up' : 'npx sanctum-ops config explain JOBS_ENABLED',
    };
  },
});
