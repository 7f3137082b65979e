import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'postgres-hangs',
  title: 'PostgreSQL lives, accepts connections and does not answer',
  explains: ['database-unreachable', 'postgres-recovering', 'platform-not-ready', 'overload'],
  judge: ({ postgres, database }) => {
    const isSilent = postgres?.state === 'starting' && /timeout|timed out|terminated/i.test(postgres.detail ?? '');
    if (!isSilent || database?.state !== 'closed') return undefined;
    return {
      confidence: 0.88,
      evidence: [`its processes live: ${postgres.detail ?? ''}`, `the platform's role: ${database.message}`, ...postgres.recentLines],
      next: 'npx sanctum-ops down && npx sanctum-ops up',
    };
  },
});
