import { readFileSync } from 'node:fs';
import { compatibilityOf } from './compatibility.ts';
import type { Compatibility } from './compatibility.ts';
import { withQueryable } from './connection.ts';
import { readContext } from './context.ts';
import { parseDirectives } from './directives.ts';
import { aloneTimeouts, transactionTimeouts } from './execute.ts';
import { migrationsDir } from './files.ts';
import { brokenBy, liveReleases } from './instances.ts';
import type { LiveRelease } from './instances.ts';
import { entriesOf } from './journal.ts';
import { createdTablesOf, locksOf } from './lock-modes.ts';
import type { RelationLock } from './lock-modes.ts';
import { destructionOf } from './destruction.ts';
import { loadParser } from './parser.ts';
import type { SqlParser } from './parser.ts';
import { splitStatements } from './statements.ts';
import type { DatabaseSource, MigrationFile, VerifyFinding } from './types.ts';
import { verifyFiles } from './verify-files.ts';

export interface PlannedStatement {
  /** 1-based. */
  readonly line: number;
  /** One line, cut to 120 characters. */
  readonly summary: string;
  /** Locks on relations that exist before this migration; a table created in it disturbs nobody. */
  readonly locks: readonly RelationLock[];
  /** What it destroys, in words; null when it destroys nothing. */
  readonly destroys: string | null;
  /** The parser's message when the statement does not parse; its locks are then unknown. */
  readonly error: string | null;
}

export interface PlannedMigration {
  readonly number: number;
  readonly name: string;
  readonly transaction: boolean;
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly statements: readonly PlannedStatement[];
  readonly destructive: boolean;
  readonly hasDown: boolean;
  /** What becomes of releases that are running. */
  readonly compatibility: Compatibility;
  /** Releases that are connected now and that it breaks: `apply` refuses while there is one. */
  readonly breaks: readonly LiveRelease[];
}

export interface PlanResult {
  readonly pending: readonly PlannedMigration[];
  /** Why `apply` would refuse: a plan that it refuses would otherwise be read as one that works. */
  readonly blocking: readonly VerifyFinding[];
}

const summaryLengthMax = 120;

/** What `apply` would do to a database, with the lock of each statement. Reads only; throws when it cannot read. */
export async function planMigrations(options: { dir?: string; database: DatabaseSource }): Promise<PlanResult> {
  const files = await verifyFiles(options.dir ?? migrationsDir);
  const { context, releases } = await withQueryable(options.database, async (database) => ({
    context: await readContext(files, database),
    releases: await liveReleases(database),
  }));
  const done = new Set(
    entriesOf(context.journal)
      .filter((entry) => entry.state === 'applied')
      .map((entry) => entry.number),
  );
  const parser = await loadParser();
  return {
    pending: files.files.filter((file) => !done.has(file.number)).map((file) => planOne(parser, file, releases)),
    blocking: context.verification.findings.filter((entry) => entry.blocking),
  };
}

function planOne(parser: SqlParser, file: MigrationFile, releases: readonly LiveRelease[]): PlannedMigration {
  const text = readFileSync(file.path, 'utf8');
  const directives = parseDirectives(text);
  const defaults = directives.noTransaction ? aloneTimeouts : transactionTimeouts;
  const created = new Set<string>();
  const statements = splitStatements(parser, text).statements.map((statement): PlannedStatement => {
    const summary = statement.text.replace(/\s+/g, ' ').slice(0, summaryLengthMax);
    const parsed = parser.parse(statement.text);
    if ('error' in parsed) return { line: statement.line, summary, locks: [], destroys: null, error: parsed.error.message };
    for (const entry of parsed.statements) for (const name of createdTablesOf(entry)) created.add(name);
    const locks = parsed.statements.flatMap(locksOf).filter((lock) => !created.has(lock.relation));
    const destroys = parsed.statements.map((entry) => destructionOf(entry)?.what ?? null).find((what) => what !== null);
    return { line: statement.line, summary, locks, destroys: destroys ?? null, error: null };
  });
  const compatibility = compatibilityOf(parser, file.number, text, directives);
  return {
    number: file.number,
    name: file.name,
    transaction: !directives.noTransaction,
    lockTimeoutMs: directives.lockTimeoutMs ?? defaults.lockTimeoutMs,
    statementTimeoutMs: directives.statementTimeoutMs ?? defaults.statementTimeoutMs,
    statements,
    destructive: statements.some((statement) => statement.destroys !== null),
    hasDown: file.downPath !== null,
    compatibility,
    breaks: brokenBy(compatibility, releases),
  };
}
