import { defineCause } from '../cause.ts';
import { endSession, rollbackPrepared } from '../cures.queries.ts';
import { sqlCure } from '../cures.ts';
import type { Session } from '../probes/locks.ts';

const shownMax = 4;

export default defineCause({
  id: 'lock-convoy',
  title: 'Sessions queue behind a lock',
  explains: ['long-transaction', 'overload', 'platform-not-ready', 'jobs-stuck'],
  judge: ({ database }) => {
    if (database?.state !== 'open' || database.locks === undefined) return undefined;
    const { waiting, roots, prepared } = database.locks;
    if (waiting.length === 0) return undefined;
    const ended = roots.map((row) => endSession(row.pid));
    // A prepared transaction has no process: pg_blocking_pids() calls it 0.
    const rolledBack = waiting.some((row) => row.blocked_by.includes(0)) ? prepared.map((row) => rollbackPrepared(row.quoted)) : [];
    const evidence = [
      `${waiting.length} session(s) wait for a lock, the longest for ${waiting[0]?.seconds ?? 0} s`,
      ...roots.map((row) => `in front: ${describe(row)}`),
      ...waiting.slice(0, shownMax).map((row) => `waits: process ${row.pid} behind ${row.blocked_by.join(', ')}: ${oneLine(row.query)}`),
    ];
    const statements = [...ended, ...rolledBack];
    if (statements.length === 0) return { confidence: 0.9, evidence, next: 'npx sanctum-ops audit postgres/lock-convoy' };
    return { confidence: 0.9, evidence, cure: sqlCure(...statements) };
  },
});

function describe({ pid, application, state, seconds, query }: Session): string {
  return `process ${pid} (${application || 'no name'}, ${state ?? 'unknown'}, transaction of ${seconds ?? 0} s): ${oneLine(query)}`;
}

function oneLine(query: string): string {
  return query.replace(/\s+/g, ' ').trim();
}
