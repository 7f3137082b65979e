import { defineCause } from '../cause.ts';
import type { Found } from '../cause.ts';
import type { DatabaseSight } from '../probes/database.ts';
import { owners } from '../cures.queries.ts';
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
  explains: [
    'database-unreachable',
    'postgres-recovering',
    'postgres-hangs',
    'platform-not-ready',
    'jobs-no-worker',
    'jobs-dead',
    'overload',
  ],
  judge: ({ database }) => {
    if (database?.state === 'closed') return atTheDoor(database);
    if (database?.settings === undefined) return undefined;
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

const transactionTimeout = '25P04';

/** Even the greeting takes longer than it may: nobody can ask whose setting it is, so it is taken back from everybody. */
function atTheDoor({ code, message, admission }: Extract<DatabaseSight, { state: 'closed' }>): Found | undefined {
  if (code !== transactionTimeout) return undefined;
  const given = admission === undefined ? [] : owners(admission.role, admission.database);
  const statements = [...given, 'alter system'].flatMap((owner) => resetStatements({ name: 'transaction_timeout', owner }));
  return { confidence: 0.92, evidence: [`a new session ended at once: ${message}`], cure: settingsCure(...statements) };
}
