import { withQueryable } from './connection.ts';
import { readContext } from './context.ts';
import { migrationsDir } from './files.ts';
import { entriesOf } from './journal.ts';
import { findLockHolder } from './lock.ts';
import type { DatabaseSource, JournalEntry, VerifyFinding, VerifyResult } from './types.ts';
import { notLooked } from './verify.ts';
import { verifyFiles } from './verify-files.ts';
import type { FilesVerification } from './verify-files.ts';

export interface MigrationStatus {
  readonly number: number;
  readonly name: string;
  /** `unknown`: in the database, not in the code. `not-looked`: the database could not be asked. */
  readonly state: 'applied' | 'pending' | 'running' | 'unknown' | 'not-looked';
  readonly appliedAt: Date | null;
  readonly durationMs: number | null;
}

export interface StatusResult {
  readonly migrations: readonly MigrationStatus[];
  readonly counts: { readonly applied: number; readonly pending: number; readonly running: number; readonly unknown: number };
  readonly head: { readonly number: number; readonly name: string; readonly chain: string } | null;
  /** Who is migrating this database now, or null. */
  readonly lockedBy: string | null;
  readonly findings: readonly VerifyFinding[];
  readonly blocking: boolean;
}

/** Every migration known to the code or to the database, in order. Reads only; never throws for what it can name. */
export async function migrationStatus(options: { dir?: string; database: DatabaseSource }): Promise<StatusResult> {
  const files = await verifyFiles(options.dir ?? migrationsDir);
  const { verification, entries, lockedBy } = await lookAt(files, options.database);
  const looked = verification.pending !== null;
  const byNumber = new Map<number, MigrationStatus>();
  for (const file of files.files) {
    const state = looked ? 'pending' : 'not-looked';
    byNumber.set(file.number, { number: file.number, name: file.name, state, appliedAt: null, durationMs: null });
  }
  for (const entry of entries) {
    const isKnown = byNumber.has(entry.number);
    const state = entry.state === 'running' ? 'running' : isKnown ? 'applied' : 'unknown';
    byNumber.set(entry.number, { number: entry.number, name: entry.name, state, appliedAt: entry.appliedAt, durationMs: entry.durationMs });
  }
  const migrations = [...byNumber.values()].sort((a, b) => a.number - b.number);
  const count = (state: MigrationStatus['state']): number => migrations.filter((entry) => entry.state === state).length;
  return {
    migrations,
    counts: { applied: count('applied'), pending: count('pending'), running: count('running'), unknown: count('unknown') },
    head: verification.head,
    lockedBy,
    findings: verification.findings,
    blocking: verification.blocking,
  };
}

interface Seen {
  readonly verification: VerifyResult;
  readonly entries: readonly JournalEntry[];
  readonly lockedBy: string | null;
}

async function lookAt(files: FilesVerification, database: DatabaseSource): Promise<Seen> {
  try {
    return await withQueryable(database, async (queryable) => {
      const { verification, journal } = await readContext(files, queryable);
      const holder = await findLockHolder(queryable);
      return { verification, entries: entriesOf(journal), lockedBy: holder?.detail ?? null };
    });
  } catch (error) {
    return { verification: notLooked(files, error), entries: [], lockedBy: null };
  }
}
