import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'start-in-progress',
  title: 'A start or stop is under way',
  explains: [
    'last-start-failed',
    'platform-stopped',
    'platform-ended',
    'platform-not-ready',
    'platform-hangs',
    'postgres-stopped',
    'postgres-recovering',
    'redis-stopped',
    'redis-loading',
    'database-unreachable',
    'migrations-pending',
    'port-taken',
    'overload',
  ],
  judge: ({ machine, home }) => {
    const lock = machine?.lock;
    if (lock === undefined) return undefined;
    return {
      confidence: 0.7,
      evidence: [`process ${lock.pid} (${lock.purpose}) holds ${home.lockFile}`, 'parts that do not run yet are left out here'],
      next: 'npx sanctum-ops doctor --wait',
    };
  },
});
