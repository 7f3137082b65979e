import { defineCause } from '../cause.ts';

/** Codes that are an answer: somebody is there, and says no. */
const answers = new Set(['28P01', '28000', '3D000', '53300', '42501', '55000', '57P03']);

export default defineCause({
  id: 'database-unreachable',
  title: 'The database does not answer',
  explains: ['platform-not-ready', 'overload'],
  judge: ({ database, isLocal, platform }) => {
    if (database?.state !== 'closed' || answers.has(database.code ?? '')) return undefined;
    // A stack that was stopped has no database either; its own causes say so.
    if (isLocal && platform === undefined) return undefined;
    return {
      title: `The database at ${database.host} does not answer`,
      confidence: 0.8,
      evidence: [database.message],
      next: isLocal ? 'npx sanctum-ops up' : 'pg_isready -d "$DATABASE_URL"',
    };
  },
});
