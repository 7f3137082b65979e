import { readFileSync } from 'node:fs';
import type { ClientBase } from 'pg';
import { begin, commit, dropIndexConcurrently, rollback, setLocal, setSession } from './catalogue.queries.ts';
import { compatibilityOf } from './compatibility.ts';
import type { Compatibility } from './compatibility.ts';
import { sqlStateOf } from './connection.ts';
import type { Directives } from './directives.ts';
import { directiveHelp, parseDirectives } from './directives.ts';
import { MigrationError } from './errors.ts';
import { byteHashOf } from './files.ts';
import { classifyHalfApplied, createdIndexOf } from './half-applied.ts';
import { deleteRunning, insertApplied, insertRunning, markApplied } from './journal.queries.ts';
import type { SqlParser } from './parser.ts';
import { splitStatements } from './statements.ts';
import { hashAlgorithm } from './tokens.ts';
import type { MigrationFile, SignedFile } from './types.ts';

export interface TimeoutDefaults {
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** What a file gets when its header does not say otherwise. */
export const transactionTimeouts: TimeoutDefaults = { lockTimeoutMs: 2000, statementTimeoutMs: 60_000 };
/** A concurrent build waits for old transactions, blocks nobody meanwhile, and may take long. */
export const aloneTimeouts: TimeoutDefaults = { lockTimeoutMs: 300_000, statementTimeoutMs: 3_600_000 };

export interface RunnableMigration {
  readonly file: MigrationFile;
  readonly signed: SignedFile;
  /** Chain hash that the journal will hold: it follows from the journal's own rows, not from checksums.json. */
  readonly chain: string;
  readonly text: string;
  readonly directives: Directives;
  readonly compatibility: Compatibility;
}

/**
 * Reads a pending file again and proves that it is what was verified and that the runner may run it.
 * Throws MIGRATION_CHANGED_WHILE_READ or MIGRATION_NOT_RUNNABLE.
 */
export function prepare(parser: SqlParser, file: MigrationFile, signed: SignedFile, chain: string): RunnableMigration {
  const text = readFileSync(file.path, 'utf8');
  if (byteHashOf(text) !== file.byteHash) throw changedWhileRead(file);
  const directives = parseDirectives(text);
  const strange = directives.unknown[0];
  if (strange !== undefined) {
    throw notRunnable(file, `its directive is not understood: ${strange.text}`, strange.line, directiveHelp);
  }
  const { statements } = splitStatements(parser, text);
  for (const statement of statements) {
    const parsed = parser.parse(statement.text);
    if ('error' in parsed) {
      throw notRunnable(
        file,
        `PostgreSQL's parser refuses it: ${parsed.error.message}`,
        statement.line,
        'correct the statement; it was never applied.',
      );
    }
    if (parsed.statements.some((entry) => entry.type === 'TransactionStmt')) {
      throw notRunnable(
        file,
        'it begins or ends a transaction itself',
        statement.line,
        'remove begin and commit: the runner wraps each file in one transaction.',
      );
    }
    const unnamed = parsed.statements.find(
      (entry) => entry.type === 'IndexStmt' && entry.node['concurrent'] === true && createdIndexOf(entry) === null,
    );
    if (unnamed !== undefined) {
      throw notRunnable(
        file,
        'its concurrent index has no name, so an interrupted build could not be found again',
        statement.line,
        'name the index.',
      );
    }
  }
  if (directives.noTransaction && statements.length !== 1) {
    throw notRunnable(
      file,
      `without a transaction it must hold exactly one statement, it holds ${statements.length}`,
      1,
      'put each statement into its own migration.',
    );
  }
  const compatibility = compatibilityOf(parser, file.number, text, directives);
  if (compatibility.breaksBefore > file.number) {
    throw notRunnable(
      file,
      `it says that it breaks releases before ${compatibility.breaksBefore}, which is later than itself`,
      1,
      `name the first migration that a release has to know, ${file.number} at most: -- sanctum: contract ${String(file.number).padStart(4, '0')}`,
    );
  }
  return { file, signed, chain, text, directives, compatibility };
}

/** The file is no longer the one that was verified. */
export function changedWhileRead(file: MigrationFile): MigrationError {
  return new MigrationError('MIGRATION_CHANGED_WHILE_READ', `${file.name} changed while the migration was starting.`, {
    fix: 'run the command again.',
    file: file.name,
  });
}

function notRunnable(file: MigrationFile, reason: string, line: number, fix: string): MigrationError {
  return new MigrationError('MIGRATION_NOT_RUNNABLE', `${file.name} line ${line}: ${reason}.`, { fix, file: file.name, line });
}

/** Runs one file and its journal row in one transaction: both are there or neither is. Returns milliseconds. */
export async function runInTransaction(client: ClientBase, migration: RunnableMigration, defaults: TimeoutDefaults): Promise<number> {
  const startedAt = new Date();
  const from = performance.now();
  await client.query(begin);
  try {
    await setTimeouts(client, setLocal, migration.directives, defaults);
    await client.query(migration.text);
    const durationMs = Math.round(performance.now() - from);
    await client.query(insertApplied, [...journalValues(migration), 0, startedAt, durationMs]);
    await client.query(commit);
    return durationMs;
  } catch (error) {
    await rollBack(client, error);
    throw failure(migration, error);
  }
}

async function rollBack(client: ClientBase, original: unknown): Promise<void> {
  try {
    await client.query(rollback);
  } catch (error) {
    // The session is gone, and its transaction with it: the first error is the one to report.
    if (sqlStateOf(original) !== null) return;
    throw original instanceof Error ? original : error;
  }
}

/**
 * Runs a single statement outside a transaction, between two journal writes: `running` before, `applied` after.
 * Whatever interrupts it, the next run finds the `running` row and asks the catalogue how far it got.
 */
export async function runAlone(
  client: ClientBase,
  parser: SqlParser,
  migration: RunnableMigration,
  defaults: TimeoutDefaults,
): Promise<number> {
  await client.query(insertRunning, journalValues(migration));
  const from = performance.now();
  await setTimeouts(client, setSession, migration.directives, defaults);
  try {
    await client.query(migration.text);
  } catch (error) {
    await clearTimeouts(client);
    // Without a code the session is gone: the row stays `running`, and the next run asks the catalogue.
    if (sqlStateOf(error) !== null) await takeBack(client, parser, migration);
    throw failure(migration, error);
  }
  await clearTimeouts(client);
  const durationMs = Math.round(performance.now() - from);
  await client.query(markApplied, [migration.file.number, durationMs]);
  return durationMs;
}

/** After a failure the server reported: when the catalogue shows that nothing is left, the journal forgets the attempt. */
async function takeBack(client: ClientBase, parser: SqlParser, { file, text }: RunnableMigration): Promise<void> {
  await cleanUp(client, parser, text);
  const { state } = await classifyHalfApplied(client, parser, text);
  if (state === 'nothing-done' || state === 'repeatable') await client.query(deleteRunning, [file.number]);
}

/** Drops the invalid index that a failed or interrupted concurrent build left; true when there was one. */
export async function cleanUp(client: ClientBase, parser: SqlParser, text: string): Promise<boolean> {
  const half = await classifyHalfApplied(client, parser, text);
  if (half.invalidIndex === null) return false;
  await client.query(dropIndexConcurrently(half.invalidIndex));
  return true;
}

function journalValues({ file, signed, chain, compatibility }: RunnableMigration): unknown[] {
  return [file.number, file.name, file.byteHash, signed.tokens, chain, hashAlgorithm, compatibility.breaksBefore];
}

async function setTimeouts(client: ClientBase, query: string, directives: Directives, defaults: TimeoutDefaults): Promise<void> {
  await client.query(query, ['lock_timeout', `${directives.lockTimeoutMs ?? defaults.lockTimeoutMs}ms`]);
  await client.query(query, ['statement_timeout', `${directives.statementTimeoutMs ?? defaults.statementTimeoutMs}ms`]);
}

async function clearTimeouts(client: ClientBase): Promise<void> {
  try {
    await client.query(setSession, ['lock_timeout', '0']);
    await client.query(setSession, ['statement_timeout', '0']);
  } catch {
    // Only a dead session refuses this, and its settings died with it; the statement's own error is reported.
  }
}

function failure({ file, text }: RunnableMigration, error: unknown): MigrationError {
  const state = sqlStateOf(error);
  const position = error instanceof Error && 'position' in error ? Number(error.position) : Number.NaN;
  const line = Number.isFinite(position) ? text.slice(0, position).split('\n').length : null;
  const message = error instanceof Error ? error.message : String(error);
  const isLock = state === '55P03' || state === '40P01';
  return new MigrationError(
    isLock ? 'MIGRATION_LOCK_TIMEOUT' : 'MIGRATION_FAILED',
    `${file.name}${line === null ? '' : ` line ${line}`} failed: ${message}.`,
    {
      fix: fixFor(state, file),
      file: file.name,
      ...(line === null ? {} : { line }),
      ...(state === null ? {} : { sqlState: state }),
      cause: error,
    },
  );
}

function fixFor(state: string | null, file: MigrationFile): string {
  if (state === '55P03' || state === '40P01') return 'run it again when the sessions that hold the locks are done.';
  if (state === '57014') return `raise its limit by a first line "-- sanctum: statement-timeout 5min" in ${file.name}, or split the work.`;
  if (state === '42501') return 'run migrations with the role that owns the tables.';
  if (state === null) return 'the connection broke; run the command again: what was committed is kept, the rest is repeated.';
  return 'nothing of it was kept; correct it (it is not applied here), sign it again and run the command again.';
}
