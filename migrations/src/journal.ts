import { describeDatabase, readJournal as readJournalSql } from './journal.queries.ts';
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
}

/**
 * What stands in the database. `none`: no journal and no tables, a new database. `foreign`: tables that are not ours,
 * or a journal of another tool under our name. `ours`: our journal.
 */
export type JournalState =
  | { readonly kind: 'none' }
  | { readonly kind: 'foreign'; readonly database: string; readonly detail: string }
  | { readonly kind: 'ours'; readonly entries: readonly JournalEntry[] };

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
  return { kind: 'ours', entries: rows.map(entryOf) };
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
  };
}
