import { withQueryable } from './connection.ts';
import { migrationsDir, readMigrationFolder } from './files.ts';
import { readJournal } from './journal.ts';
import { findLockHolder } from './lock.ts';
import type { DatabaseSource, JournalEntry, VerifyFinding } from './types.ts';
import { verifyMigrations } from './verify.ts';

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
  const dir = options.dir ?? migrationsDir;
  const verified = await verifyMigrations({ dir, database: options.database });
  const looked = verified.pending !== null;
  const { entries, lockedBy } = looked ? await lookAt(options.database) : { entries: [], lockedBy: null };
  const { files } = readMigrationFolder(dir);
  const byNumber = new Map<number, MigrationStatus>();
  for (const file of files) {
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
    head: verified.head,
    lockedBy,
    findings: verified.findings,
    blocking: verified.blocking,
  };
}

async function lookAt(database: DatabaseSource): Promise<{ entries: readonly JournalEntry[]; lockedBy: string | null }> {
  return withQueryable(database, async (queryable) => {
    const journal = await readJournal(queryable);
    const holder = await findLockHolder(queryable);
    return { entries: journal.kind === 'ours' ? journal.entries : [], lockedBy: holder?.detail ?? null };
  });
}
