import { defineCause } from '../cause.ts';
import { endSession, rollbackPrepared } from '../cures.queries.ts';
import { sqlCure } from '../cures.ts';

export default defineCause({
  id: 'long-transaction',
  title: 'A transaction was opened and forgotten',
  judge: ({ database }) => {
    if (database?.state !== 'open' || database.locks === undefined) return undefined;
    const { idle, prepared } = database.locks;
    if (idle.length + prepared.length === 0) return undefined;
    return {
      confidence: 0.5,
      evidence: [
        ...idle.map(
          (row) =>
            `process ${row.pid} (${row.application || 'no name'}) idles in a transaction for ${row.seconds ?? 0} s after: ${row.query.replace(/\s+/g, ' ')}`,
        ),
        ...prepared.map((row) => `the prepared transaction ${row.quoted} waits for its end since ${row.seconds} s`),
      ],
      cure: sqlCure(...idle.map((row) => endSession(row.pid)), ...prepared.map((row) => rollbackPrepared(row.quoted))),
    };
  },
});
