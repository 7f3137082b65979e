import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'postgres-recovering',
  title: 'PostgreSQL is starting or recovering from a crash',
  explains: ['database-unreachable', 'platform-not-ready', 'overload'],
  judge: ({ postgres }) => {
    if (postgres?.state !== 'starting') return undefined;
    const detail = postgres.detail === undefined ? [] : [postgres.detail];
    return { confidence: 0.85, evidence: [...detail, ...postgres.recentLines], next: 'npx sanctum-ops doctor --wait' };
  },
});
