import type { ClientBase } from 'pg';
import { begin, commit, rollback, setLocal } from './catalogue.queries.ts';
import { sqlStateOf } from './connection.ts';
import { MigrationError } from './errors.ts';
import { addBreaksBefore, describeDatabase, readJournal as readJournalSql } from './journal.queries.ts';
import type { JournalEntry, Queryable } from './types.ts';

interface JournalRow {
  number: number;
  name: string;
  byte_hash: string;
  token_hash: string;
  chain_hash: string;
  algorithm: string;
  state: 'running' | 'applied';
  statement_position: number;
  started_at: Date;
  applied_at: Date | null;
  duration_ms: number | null;
  breaks_before: number | null;
}

/**
 * What stands in the database. `none`: no journal and no tables, a new database. `foreign`: tables that are not ours,
 * or a journal of another tool under our name. `ours`: our journal, `isComplete` when it has the newest column, too.
 */
export type JournalState =
  | { readonly kind: 'none' }
  | { readonly kind: 'foreign'; readonly database: string; readonly detail: string }
  | { readonly kind: 'ours'; readonly entries: readonly JournalEntry[]; readonly isComplete: boolean };

const journalColumns = [
  'number',
  'name',
  'byte_hash',
  'token_hash',
  'chain_hash',
  'algorithm',
  'state',
  'statement_position',
  'started_at',
  'applied_at',
  'duration_ms',
];

/** Reads the journal in two statements; throws only what the server throws. */
export async function readJournal(database: Queryable): Promise<JournalState> {
  const described = await database.query<{ journal_columns: string[]; tables: string[]; database: string }>(describeDatabase);
  const row = described.rows[0];
  if (row === undefined) throw new Error('describeDatabase returned no row');
  if (row.journal_columns.length === 0) {
    if (row.tables.length === 0) return { kind: 'none' };
    const detail = `it holds tables (${row.tables.join(', ')}${row.tables.length === 5 ? ', …' : ''}) but no migrations journal`;
    return { kind: 'foreign', database: row.database, detail };
  }
  if (!journalColumns.every((name) => row.journal_columns.includes(name))) {
    const detail = `its schema_migrations has the columns ${row.journal_columns.join(', ')}: another tool's journal`;
    return { kind: 'foreign', database: row.database, detail };
  }
  const { rows } = await database.query<JournalRow>(readJournalSql);
  return { kind: 'ours', entries: rows.map(entryOf), isComplete: row.journal_columns.includes('breaks_before') };
}

function entryOf(row: JournalRow): JournalEntry {
  return {
    number: row.number,
    name: row.name,
    byteHash: row.byte_hash,
    tokenHash: row.token_hash,
    chainHash: row.chain_hash,
    algorithm: row.algorithm,
    state: row.state,
    statementPosition: row.statement_position,
    startedAt: row.started_at,
    appliedAt: row.applied_at,
    durationMs: row.duration_ms,
    breaksBefore: row.breaks_before,
  };
}

/** The rows of our own journal; none where there is no journal of ours. */
export function entriesOf(journal: JournalState): readonly JournalEntry[] {
  return journal.kind === 'ours' ? journal.entries : [];
}

/**
 * Adds the newest column to a journal that an older runner made, and that was read as `journal`. Waits only briefly:
 * readiness reads the journal all the time.
 */
export async function completeJournal(client: ClientBase, journal: JournalState): Promise<void> {
  if (journal.kind !== 'ours' || journal.isComplete) return;
  await client.query(begin);
  try {
    await client.query(setLocal, ['lock_timeout', '2000ms']);
    await client.query(addBreaksBefore);
    await client.query(commit);
  } catch (error) {
    await client.query(rollback);
    const isLock = sqlStateOf(error) === '55P03';
    throw new MigrationError(
      isLock ? 'MIGRATION_LOCK_TIMEOUT' : 'MIGRATION_FAILED',
      `The journal could not be given the column breaks_before: ${error instanceof Error ? error.message : String(error)}.`,
      {
        fix: isLock
          ? 'a session reads it for long, a dump for one; run it again after that.'
          : 'run migrations with the role that owns it.',
        cause: error,
      },
    );
  }
}
