import { defineCause } from '../cause.ts';
import { isStopped } from '../stopped.ts';

export default defineCause({
  id: 'postgres-stopped',
  title: 'PostgreSQL does not run',
  explains: ['database-unreachable', 'platform-not-ready', 'platform-ended', 'platform-stopped', 'last-start-failed', 'overload'],
  judge: (sight) => {
    const { postgres } = sight;
    if (postgres?.state !== 'stopped' || isStopped(sight) === 'on purpose') return undefined;
    const detail = postgres.detail === undefined ? [] : [postgres.detail];
    return {
      confidence: 0.9,
      evidence: [`no postmaster works in ${postgres.dataDir}`, ...detail, ...postgres.recentLines],
      next: 'npx sanctum-ops up',
    };
  },
});
