import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'platform-paused',
  title: 'The platform is stopped by a signal: it lives and answers nobody',
  explains: ['jobs-no-worker', 'jobs-stuck', 'lock-convoy', 'long-transaction'],
  judge: ({ platform }) => {
    if (platform?.process !== 'paused' || platform.run === undefined) return undefined;
    return { confidence: 0.97, evidence: [`process ${platform.run.pid} is stopped (state T)`], next: `kill -CONT ${platform.run.pid}` };
  },
});
