import { defineCause } from '../cause.ts';
import { settingsCure } from '../cures.ts';
import { milliseconds } from '../milliseconds.ts';
import { resetStatements } from '../setting-statements.ts';

/** Shorter than this, sound work is cancelled: statements of migrations and jobs, or sessions that a pool keeps. */
const shortest: Readonly<Record<string, number>> = {
  statement_timeout: 1_000,
  transaction_timeout: 5_000,
  lock_timeout: 100,
  idle_in_transaction_session_timeout: 1_000,
  idle_session_timeout: 60_000,
};

export default defineCause({
  id: 'database-timeout-too-short',
  title: 'A timeout of the database is too short for the platform',
  explains: ['platform-not-ready', 'jobs-no-worker', 'jobs-dead', 'overload'],
  judge: ({ database }) => {
    if (database?.state !== 'open' || database.settings === undefined) return undefined;
    const short = database.settings.filter(({ name, value, proof }) => {
      const least = shortest[name];
      if (least === undefined) return false;
      const given = milliseconds(value);
      return proof !== undefined || (given > 0 && given < least);
    });
    if (short.length === 0) return undefined;
    return {
      confidence: 0.92,
      evidence: short.flatMap((one) => [`${one.owner} set ${one.name} = ${one.value}`, ...(one.proof === undefined ? [] : [one.proof])]),
      cure: settingsCure(...short.flatMap(resetStatements)),
    };
  },
});
