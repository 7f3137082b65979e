import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'database-table-missing',
  title: 'A table of the platform is not there',
  explains: ['index-missing', 'platform-not-ready', 'jobs-dead'],
  judge: ({ database, migrations }) => {
    if (database?.state !== 'open' || migrations === undefined) return undefined;
    // Before its migration is applied a table is not missing, it is pending.
    if ((migrations.pending ?? []).length > 0 || migrations.head === null || migrations.blocking) return undefined;
    const missing = (database.tables ?? []).filter((table) => !table.is_there);
    if (missing.length === 0) return undefined;
    return {
      confidence: 0.94,
      evidence: [
        `not there: ${missing.map((table) => table.name).join(', ')}`,
        'its rows come back from a backup alone; how it was declared stands in migrations/schema.sql',
      ],
      next: 'npx sanctum-ops audit migrations/schema-drift',
    };
  },
});
