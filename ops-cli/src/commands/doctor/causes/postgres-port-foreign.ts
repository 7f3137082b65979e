import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'postgres-port-foreign',
  title: "Somebody else answers at PostgreSQL's port",
  explains: ['database-unreachable', 'database-refuses', 'platform-not-ready', 'platform-stopped', 'last-start-failed'],
  judge: ({ postgres }) =>
    postgres?.state !== 'foreign'
      ? undefined
      : { confidence: 0.9, evidence: postgres.detail === undefined ? [] : [postgres.detail], next: 'npx sanctum-ops up' },
});
