import { readFileSync } from 'node:fs';
import { invalidIndexes } from './catalogue.queries.ts';
import { chainOf } from './checksums.ts';
import { isRefusal, withQueryable } from './connection.ts';
import { MigrationError } from './errors.ts';
import { migrationsDir, readTextOf } from './files.ts';
import { reasonOf } from './reason.ts';
import { finding } from './finding.ts';
import { classifyHalfApplied } from './half-applied.ts';
import type { HalfApplied } from './half-applied.ts';
import { readJournal } from './journal.ts';
import { findLockHolder } from './lock.ts';
import { loadParser } from './parser.ts';
import { note, quoteQualified, script, sql } from './sql-text.ts';
import { runsTheSame, tokenHashOf } from './tokens.ts';
import type { DatabaseSource, JournalEntry, MigrationFile, Queryable, VerifyFinding, VerifyResult } from './types.ts';
import { verifyFiles } from './verify-files.ts';
import type { FilesVerification } from './verify-files.ts';

export { verifyFiles } from './verify-files.ts';
export type { FilesVerification } from './verify-files.ts';
export type { FindingKind, Severity, VerifyCode, VerifyFinding, VerifyResult } from './types.ts';

export interface VerifyOptions {
  /** Folder that holds `sql/` and `checksums.json`; this package's own by default. */
  readonly dir?: string;
  readonly database: DatabaseSource;
  /** Also a chain of another tool, whose journal is not ours to read. */
  readonly foreign?: boolean;
}

/**
 * Compares files, checksums.json and the journal of a database, and looks for what an interrupted migration left.
 * Reads only. Never throws for what it can name: an unreachable database is the finding `database-unreachable`.
 * With matching hashes it costs five short statements and loads no parser.
 */
export async function verifyMigrations({ dir = migrationsDir, database, foreign = false }: VerifyOptions): Promise<VerifyResult> {
  const files = await verifyFiles(dir, { foreign });
  try {
    return await withQueryable(database, (queryable) => verifyDatabase(files, queryable));
  } catch (error) {
    return merged(files, [notLooked(error)], null, null);
  }
}

async function verifyDatabase(files: FilesVerification, database: Queryable): Promise<VerifyResult> {
  const journal = await readJournal(database);
  if (journal.kind === 'foreign') {
    return merged(files, [foreignDatabase(journal.database, journal.detail)], [], null);
  }
  const entries = journal.kind === 'ours' ? journal.entries : [];
  const running = entries.filter((entry) => entry.state === 'running');
  const findings = [
    ...journalChain(entries),
    ...(await compareWithJournal(files, entries)),
    ...(await interrupted(database, files.files, running)),
    ...(await findInvalidIndexes(database, running)),
  ];
  return merged(files, findings, entries, entries.findLast((entry) => entry.state === 'applied') ?? null);
}

function merged(
  files: FilesVerification,
  found: readonly VerifyFinding[],
  entries: readonly JournalEntry[] | null,
  head: JournalEntry | null,
): VerifyResult {
  const named = new Set(found.map((entry) => `${entry.code} ${entry.file}`));
  const findings = [...files.findings.filter((entry) => !named.has(`${entry.code} ${entry.file}`)), ...found];
  const known = entries === null ? null : new Set(entries.filter((entry) => entry.state === 'applied').map((entry) => entry.number));
  return {
    findings,
    blocking: findings.some((entry) => entry.blocking),
    examined: { ...files.examined, journal: entries === null ? null : entries.length },
    pending: known === null ? null : files.files.filter((file) => !known.has(file.number)).map((file) => file.name),
    newer:
      entries?.filter((entry) => entry.number > files.codeHead && leavesAlone(entry, files.codeHead)).map((entry) => entry.name) ?? null,
    codeHead: files.codeHead,
    head: head === null ? null : { number: head.number, name: head.name, chain: head.chainHash },
  };
}

/** The journal proves itself: each chain hash follows from the rows before it. */
function journalChain(entries: readonly JournalEntry[]): VerifyFinding[] {
  let previous = '';
  for (const entry of entries) {
    const expected = chainOf(previous, entry.name, entry.byteHash);
    if (entry.chainHash !== expected) {
      return [
        finding('journal-edited', entry.name, {
          number: entry.number,
          detail: `The journal in the database was edited: its chain breaks at ${entry.name}.`,
          fix: `Find out who changed it: select * from public.schema_migrations where number <= ${entry.number} order by number; then restore the row from a backup.`,
        }),
      ];
    }
    previous = expected;
  }
  return [];
}

async function compareWithJournal(files: FilesVerification, entries: readonly JournalEntry[]): Promise<VerifyFinding[]> {
  const findings: VerifyFinding[] = [];
  const byNumber = new Map(files.files.map((file) => [file.number, file]));
  const signed = new Map(files.signed.map((entry) => [entry.name, entry]));
  const last = files.codeHead;
  const head = entries.at(-1)?.number ?? 0;
  const recorded = new Set(entries.map((entry) => entry.number));
  for (const entry of entries) {
    const file = byNumber.get(entry.number);
    if (file === undefined) {
      if (signed.has(entry.name)) continue;
      if (entry.number <= last) findings.push(removed(entry));
      else if (!leavesAlone(entry, last)) findings.push(unknownToCode(entry, last));
      continue;
    }
    // A file that differs from checksums.json is named there already; here only what was changed in both places.
    if (file.byteHash === entry.byteHash && file.name === entry.name) continue;
    if (signed.get(file.name)?.bytes === file.byteHash) findings.push(await reSigned(file, entry));
  }
  for (const file of files.files) {
    if (!recorded.has(file.number) && file.number < head) findings.push(outOfOrder(file, head));
  }
  return findings;
}

async function reSigned(file: MigrationFile, entry: JournalEntry): Promise<VerifyFinding> {
  const parser = await loadParser();
  const text = readTextOf(file.path);
  const tokens = text === null ? null : runsTheSame(parser, text, entry.tokenHash) ? entry.tokenHash : tokenHashOf(parser, text);
  const sameName = file.name === entry.name;
  if (tokens === entry.tokenHash && sameName) {
    return finding('re-signed', file.name, {
      number: file.number,
      cosmetic: true,
      detail: `${file.name} was changed in comments or white space and signed again; this database ran the same statements.`,
      fix: 'Nothing is needed: the next npx sanctum-ops migrate up records the new hash, with the equal token hash as proof.',
    });
  }
  const what = sameName ? 'its statements were changed' : `${entry.name} was replaced by it`;
  return finding('re-signed', file.name, {
    number: file.number,
    detail: `${file.name} was applied here on ${entry.appliedAt?.toISOString() ?? 'an unknown date'}, then ${what} and checksums.json was signed again: this database ran something else.`,
    fix: `Restore what ran: git log --oneline -- migrations/sql/${entry.name}, check out the version before the change together with checksums.json, and put the change into a new migration.`,
  });
}

async function interrupted(
  database: Queryable,
  files: readonly MigrationFile[],
  running: readonly JournalEntry[],
): Promise<VerifyFinding[]> {
  if (running.length === 0) return [];
  const holder = await findLockHolder(database);
  const parser = await loadParser();
  const findings: VerifyFinding[] = [];
  for (const entry of running) {
    // The runner verifies under its own lock: then nobody else can be at it.
    if (holder !== null && !holder.isOwn) {
      findings.push(
        finding('running', entry.name, {
          number: entry.number,
          detail: `${entry.name} is running now, started ${entry.startedAt.toISOString()} by ${holder.detail}.`,
          fix: 'Wait for it to finish, then verify again.',
        }),
      );
      continue;
    }
    const file = files.find((candidate) => candidate.number === entry.number);
    if (file === undefined) continue;
    const half = await classifyHalfApplied(database, parser, readFileSync(file.path, 'utf8'));
    findings.push(halfApplied(entry, half.state, half.detail));
  }
  return findings;
}

const waysOut: Readonly<Partial<Record<HalfApplied['state'], string>>> = {
  'nothing-done': 'npx sanctum-ops migrate up runs it again.',
  repeatable: 'npx sanctum-ops migrate up runs it again.',
  'partly-done': 'npx sanctum-ops migrate up drops the invalid index concurrently and runs it again.',
  'done-not-recorded': 'npx sanctum-ops migrate up records it as applied; nothing runs twice.',
};

function halfApplied(entry: JournalEntry, state: HalfApplied['state'], detail: string): VerifyFinding {
  const byHand = `Look at the object. If it is complete: npx sanctum-ops migrate resolve ${entry.number} --as applied. If nothing happened: npx sanctum-ops migrate resolve ${entry.number} --as not-applied.`;
  return finding('half-applied', entry.name, {
    number: entry.number,
    detail: `${entry.name} was interrupted (started ${entry.startedAt.toISOString()}), ${state.replaceAll('-', ' ')}: ${detail}.`,
    fix: waysOut[state] ?? byHand,
  });
}

interface InvalidIndexRow {
  schema: string;
  name: string;
  table_name: string;
  is_unique: boolean;
  builder: number | null;
}

async function findInvalidIndexes(database: Queryable, running: readonly JournalEntry[]): Promise<VerifyFinding[]> {
  const { rows } = await database.query<InvalidIndexRow>(invalidIndexes);
  return rows
    .filter((row) => row.builder === null)
    .map((row) => {
      const qualified = [row.schema, row.name];
      const name = quoteQualified(...qualified);
      const drop = sql`drop index concurrently ${qualified}`;
      const rebuild = sql`reindex index concurrently ${qualified}`;
      const isCopy = /_cc(new|old)\d*$/.test(row.name);
      const owner = running.length === 0 ? '' : ` Resolve ${running.map((entry) => entry.name).join(', ')} first if it built it.`;
      return finding('invalid-index', name, {
        detail: `The index ${name} on ${row.table_name} is invalid: it costs every write and serves no read.${owner}`,
        fix: isCopy ? script(drop) : row.is_unique ? script(note`remove the rows that stand twice first`, rebuild) : script(rebuild),
      });
    });
}

function foreignDatabase(database: string, detail: string): VerifyFinding {
  return finding('foreign-database', database, {
    detail: `The database ${database} is not ours: ${detail}.`,
    fix: 'Point DATABASE_URL at a Sanctum database or at an empty one: create database sanctum;',
  });
}

/** A schema that is newer than the code is fine as long as every migration on top says that code like this keeps working. */
function leavesAlone(entry: JournalEntry, last: number): boolean {
  return (entry.breaksBefore ?? entry.number) <= last;
}

function unknownToCode(entry: JournalEntry, last: number): VerifyFinding {
  const asked =
    entry.breaksBefore === null ? 'does not say that older code keeps working' : `needs code that knows ${padded(entry.breaksBefore)}`;
  return finding('unknown-to-code', entry.name, {
    number: entry.number,
    detail: `${entry.name} is applied in the database and ${asked}; this code knows migrations up to ${padded(last)}: the schema is newer than the code.`,
    fix: 'Deploy the code that brought it (git pull, or the newer release); never remove the row.',
  });
}

function padded(number: number): string {
  return String(number).padStart(4, '0');
}

function removed(entry: JournalEntry): VerifyFinding {
  return finding('missing', entry.name, {
    number: entry.number,
    detail: `${entry.name} is applied in the database, but neither its file nor its signature is in the code.`,
    fix: `git log --diff-filter=D --oneline -- migrations/sql/${entry.name}, then restore it and checksums.json.`,
  });
}

function outOfOrder(file: MigrationFile, head: number): VerifyFinding {
  const renumbered = file.name.replace(/^\d+/, String(head + 1).padStart(4, '0'));
  return finding('out-of-order', file.name, {
    number: file.number,
    detail: `${file.name} is not applied, but the database is already at ${String(head).padStart(4, '0')}.`,
    fix: `git mv migrations/sql/${file.name} migrations/sql/${renumbered} && npx sanctum-ops migrate sign`,
  });
}

function notLooked(error: unknown): VerifyFinding {
  const cause = error instanceof MigrationError ? error.cause : error;
  const detail =
    error instanceof MigrationError ? error.message.split(' Fix: ')[0] : `The database could not be asked: ${reasonOf(error)}.`;
  return finding(isRefusal(cause) ? 'database-refused' : 'database-unreachable', null, {
    detail: detail ?? reasonOf(error),
    fix:
      error instanceof MigrationError
        ? error.fix
        : 'Check that the database runs and that the role may read the catalogue: npx sanctum-ops doctor',
  });
}
