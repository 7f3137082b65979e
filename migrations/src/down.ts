import { readFileSync } from 'node:fs';
import { begin, commit, rollback, setLocal } from './catalogue.queries.ts';
import { withSession } from './connection.ts';
import { MigrationError } from './errors.ts';
import { transactionTimeouts } from './execute.ts';
import { migrationsDir } from './files.ts';
import { deleteApplied } from './journal.queries.ts';
import { entriesOf, readJournal } from './journal.ts';
import { lockWaitMsDefault, withMigrationLock } from './lock.ts';
import type { SessionSource } from './types.ts';
import { verifyFiles } from './verify-files.ts';

export interface DownOptions {
  readonly database: SessionSource;
  readonly dir?: string;
  /** Must be the latest applied migration: production only goes forward, a rehearsal steps back one at a time. */
  readonly number: number;
  /** Finds out whether it could be undone, and undoes nothing. */
  readonly dryRun?: boolean;
  readonly lockWaitMs?: number;
}

/** Undoes the latest migration with its `.down.sql`, in one transaction with the journal. For rehearsals on a copy. */
export async function downMigration(options: DownOptions): Promise<{ number: number; name: string; durationMs: number }> {
  const { files, findings } = await verifyFiles(options.dir ?? migrationsDir);
  const file = files.find((candidate) => candidate.number === options.number);
  if (file === undefined || file.downPath === null) {
    throw refused(`Migration ${options.number} has no .down.sql.`, 'roll forward: npx sanctum-ops migrate new <name>');
  }
  const changed = findings.find((entry) => entry.code === 'changed-down' && entry.number === options.number);
  if (changed !== undefined) throw refused(changed.detail, changed.fix);
  const text = readFileSync(file.downPath, 'utf8');
  return withSession(options.database, (client) =>
    withMigrationLock(client, { waitMs: options.lockWaitMs ?? lockWaitMsDefault }, async () => {
      const last = entriesOf(await readJournal(client)).at(-1);
      if (last?.number !== options.number || last.state !== 'applied') {
        throw refused(
          `Migration ${options.number} is not the latest applied one (${last?.name ?? 'none'}).`,
          'step back one at a time, the latest first.',
        );
      }
      if (options.dryRun === true) return { number: file.number, name: file.name, durationMs: 0 };
      const from = performance.now();
      await client.query(begin);
      try {
        await client.query(setLocal, ['lock_timeout', `${transactionTimeouts.lockTimeoutMs}ms`]);
        await client.query(setLocal, ['statement_timeout', `${transactionTimeouts.statementTimeoutMs}ms`]);
        await client.query(text);
        await client.query(deleteApplied, [options.number]);
        await client.query(commit);
      } catch (error) {
        await client.query(rollback);
        throw new MigrationError(
          'MIGRATION_FAILED',
          `The way down from ${file.name} failed: ${error instanceof Error ? error.message : String(error)}.`,
          {
            fix: `correct ${file.name.replace(/\.sql$/, '.down.sql')}; nothing of it was kept.`,
            file: file.name,
            cause: error,
          },
        );
      }
      return { number: file.number, name: file.name, durationMs: Math.round(performance.now() - from) };
    }),
  );
}

function refused(message: string, fix: string): MigrationError {
  return new MigrationError('MIGRATION_DOWN_REFUSED', message, { fix });
}
