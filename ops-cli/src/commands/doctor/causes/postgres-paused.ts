import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'postgres-paused',
  title: 'PostgreSQL is stopped by a signal: it lives and answers nobody',
  explains: [
    'database-unreachable',
    'postgres-recovering',
    'postgres-hangs',
    'platform-not-ready',
    'overload',
    'lock-convoy',
    'jobs-stuck',
  ],
  judge: ({ postgres }) => {
    if (postgres === undefined || postgres.pausedPids.length === 0) return undefined;
    return {
      confidence: 0.98,
      evidence: [`stopped (state T): process ${postgres.pausedPids.join(', ')} of ${postgres.dataDir}`],
      next: `kill -CONT ${postgres.pausedPids.join(' ')}`,
    };
  },
});
