import { defineCause } from '../cause.ts';

const shownMax = 5;

export default defineCause({
  id: 'migrations-refused',
  title: 'The schema and the migrations do not agree',
  explains: ['platform-not-ready', 'last-start-failed', 'index-missing', 'database-table-missing'],
  judge: ({ migrations }) => {
    const blocking = migrations?.findings.filter((finding) => finding.blocking && finding.kind !== 'could-not-look') ?? [];
    if (blocking.length === 0) return undefined;
    const command = /npx sanctum-ops [^;,.]*[^;,.\s]/.exec(blocking[0]?.fix ?? '')?.[0];
    return {
      confidence: 0.93,
      evidence: blocking.slice(0, shownMax).flatMap((finding) => [`${finding.code}: ${finding.detail}`, `  ${finding.fix}`]),
      next: command ?? 'npx sanctum-ops migrate verify',
    };
  },
});
