import { MigrationError } from './errors.ts';
import { withSession } from './connection.ts';
import { deleteRunning, markApplied } from './journal.queries.ts';
import { entriesOf, readJournal } from './journal.ts';
import { lockWaitMsDefault, withMigrationLock } from './lock.ts';
import type { SessionSource } from './types.ts';

export interface ResolveOptions {
  readonly database: SessionSource;
  readonly number: number;
  /** What a person found: the statement's effect is complete, or nothing of it is there. */
  readonly as: 'applied' | 'not-applied';
  /** Finds out whether it could be settled, and settles nothing. */
  readonly dryRun?: boolean;
  readonly lockWaitMs?: number;
}

/**
 * Settles a half-applied migration that the catalogue cannot settle. Only a row in state `running` can be changed.
 * Throws MIGRATION_RESOLVE_REFUSED when there is none.
 */
export async function resolveMigration({
  database,
  number,
  as,
  dryRun,
  lockWaitMs,
}: ResolveOptions): Promise<{ number: number; name: string }> {
  return withSession(database, (client) =>
    withMigrationLock(client, { waitMs: lockWaitMs ?? lockWaitMsDefault }, async () => {
      const entry = entriesOf(await readJournal(client)).find((candidate) => candidate.number === number);
      if (entry?.state !== 'running') {
        throw new MigrationError('MIGRATION_RESOLVE_REFUSED', `Migration ${number} is not half applied here.`, {
          fix: 'npx sanctum-ops migrate verify names the ones that are.',
        });
      }
      if (dryRun === true) return { number, name: entry.name };
      if (as === 'applied') await client.query(markApplied, [number, null]);
      else await client.query(deleteRunning, [number]);
      return { number, name: entry.name };
    }),
  );
}
