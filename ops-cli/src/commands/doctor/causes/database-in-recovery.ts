import { defineCause } from '../cause.ts';
import { promote } from '../cures.queries.ts';
import { sqlCure } from '../cures.ts';

export default defineCause({
  id: 'database-in-recovery',
  title: 'The database is a replica: it takes no writes',
  explains: ['database-read-only', 'platform-not-ready', 'jobs-no-worker', 'jobs-stuck', 'index-missing', 'migrations-pending'],
  judge: ({ database, isLocal }) => {
    if (database?.state !== 'open' || !database.server.in_recovery) return undefined;
    const evidence = [`${database.host} answers pg_is_in_recovery() with true`];
    // Elsewhere a primary may live: two of them would part the data.
    if (isLocal) return { confidence: 0.95, evidence, cure: sqlCure(promote) };
    return {
      confidence: 0.95,
      evidence: [...evidence, 'let DATABASE_URL lead to the primary'],
      next: 'npx sanctum-ops config explain DATABASE_URL',
    };
  },
});
