import { writeChecksums } from './checksums.ts';
import { withQueryable } from './connection.ts';
import { MigrationError } from './errors.ts';
import { migrationsDir, readTextOf } from './files.ts';
import { entriesOf, readJournal } from './journal.ts';
import { loadParser } from './parser.ts';
import { splitStatements } from './statements.ts';
import { runsTheSame, tokenHashOf } from './tokens.ts';
import { forwardText } from './sections.ts';
import type { DatabaseSource, JournalEntry, MigrationFile, SignedFile, VerifyFinding } from './types.ts';
import { verifyFiles } from './verify-files.ts';

export interface SignOptions {
  readonly dir?: string;
  /** Accept changes of comments and white space in signed files; the proof is the equal token hash. */
  readonly cosmetic?: boolean;
  /**
   * Databases to ask whether a changed file is applied. Without one, a signed file whose statements changed is never
   * signed again: nobody could say that it is not applied.
   */
  readonly databases?: readonly DatabaseSource[];
  readonly dryRun?: boolean;
  /** Also a chain of another tool: names and places as that tool has them. */
  readonly foreign?: boolean;
}

export interface SignResult {
  /** Newly signed files. */
  readonly added: readonly string[];
  /** Files signed again with changed statements: proven to be applied in none of the databases given. */
  readonly changed: readonly string[];
  /** Files signed again with equal token hashes. */
  readonly cosmetic: readonly string[];
  /** Signatures removed because the file is gone and applied in none of the databases given. */
  readonly removed: readonly string[];
  readonly total: number;
  readonly dryRun: boolean;
}

/** Defects that no signature can cure. */
const unsignable = new Set([
  'folder-unreadable',
  'file-unreadable',
  'too-many-files',
  'bad-name',
  'duplicate-number',
  'empty',
  'too-large',
  'not-utf8',
  'truncated',
  'checksums-unreadable',
  'checksums-edited',
  'out-of-order',
  'reordered',
  'renamed',
]);

/** Writes checksums.json for the files as they are. Throws MIGRATION_SIGN_REFUSED, naming the file and the way out. */
export async function signMigrations(options: SignOptions = {}): Promise<SignResult> {
  const dir = options.dir ?? migrationsDir;
  const checked = await verifyFiles(dir, { foreign: options.foreign === true });
  const defect = checked.findings.find((entry) => unsignable.has(entry.code));
  if (defect !== undefined) throw refused(defect);
  const before = new Map(checked.signed.map((entry) => [entry.name, entry]));
  const entries = await signAll(checked.files, before);
  const applied = await appliedAnywhere(options.databases ?? []);
  const changed: string[] = [];
  const cosmetic: string[] = [];
  for (const entry of entries) {
    const old = before.get(entry.name);
    if (old === undefined || old.bytes === entry.bytes) continue;
    if (old.tokens === entry.tokens) {
      if (options.cosmetic !== true) throw refusedCosmetic(entry.name);
      cosmetic.push(entry.name);
    } else {
      refuseIfApplied(entry.name, applied, 'its statements changed');
      changed.push(entry.name);
    }
  }
  const names = new Set(entries.map((entry) => entry.name));
  const removed = [...before.keys()].filter((name) => !names.has(name));
  for (const name of removed) refuseIfApplied(name, applied, 'its file is gone');
  const added = entries.filter((entry) => !before.has(entry.name)).map((entry) => entry.name);
  const dryRun = options.dryRun === true;
  if (!dryRun) writeChecksums(dir, entries);
  return { added, changed, cosmetic, removed, total: entries.length, dryRun };
}

/** The token hash of an unchanged file is taken over, so that signing one new file does not parse a thousand old ones. */
async function signAll(files: readonly MigrationFile[], before: ReadonlyMap<string, SignedFile>): Promise<Omit<SignedFile, 'chain'>[]> {
  const parser = await loadParser();
  return files.map((file) => {
    const old = before.get(file.name);
    const entry = { number: file.number, name: file.name, bytes: file.byteHash, down: file.downHash };
    if (old?.bytes === file.byteHash) return { ...entry, tokens: old.tokens };
    const text = readTextOf(file.path);
    if (text === null) throw refusedText(file, 'it is no text, or no plain file any more', null);
    if (old !== undefined && runsTheSame(parser, text, old.tokens)) return { ...entry, tokens: old.tokens };
    const tokens = tokenHashOf(parser, text);
    if (tokens === null) throw refusedText(file, 'a quote or a comment in it is not closed', null);
    for (const statement of splitStatements(parser, forwardText(text)).statements) {
      const parsed = parser.parse(statement.text);
      if ('error' in parsed) throw refusedText(file, parsed.error.message, statement.line);
    }
    return { ...entry, tokens };
  });
}

async function appliedAnywhere(databases: readonly DatabaseSource[]): Promise<ReadonlyMap<string, JournalEntry> | null> {
  if (databases.length === 0) return null;
  const applied = new Map<string, JournalEntry>();
  for (const database of databases) {
    const journal = await withQueryable(database, readJournal);
    for (const entry of entriesOf(journal)) applied.set(entry.name, entry);
  }
  return applied;
}

function refuseIfApplied(name: string, applied: ReadonlyMap<string, JournalEntry> | null, why: string): void {
  if (applied === null) {
    throw new MigrationError(
      'MIGRATION_SIGN_REFUSED',
      `${name} is signed and ${why}; without a database nobody can say that it is not applied.`,
      {
        fix: `git checkout -- migrations/sql/${name}, or give the databases it could be applied in: npx sanctum-ops migrate sign --database-url <url>`,
        file: name,
      },
    );
  }
  const entry = applied.get(name);
  if (entry === undefined) return;
  throw new MigrationError(
    'MIGRATION_SIGN_REFUSED',
    `${name} was applied on ${entry.appliedAt?.toISOString() ?? 'an unknown date'} and ${why}: signing it again would hide that.`,
    {
      fix: `git checkout -- migrations/sql/${name}\n# then put the change into a new migration: npx sanctum-ops migrate new <name>`,
      file: name,
    },
  );
}

function refused(defect: VerifyFinding): MigrationError {
  return new MigrationError('MIGRATION_SIGN_REFUSED', defect.detail, {
    fix: defect.fix,
    ...(defect.file === null ? {} : { file: defect.file }),
    ...(defect.line === null ? {} : { line: defect.line }),
  });
}

function refusedCosmetic(name: string): MigrationError {
  return new MigrationError('MIGRATION_SIGN_REFUSED', `${name} is signed and its comments or white space changed.`, {
    fix: 'npx sanctum-ops migrate sign --cosmetic (the equal token hash is the proof)',
    file: name,
  });
}

function refusedText(file: MigrationFile, reason: string, line: number | null): MigrationError {
  return new MigrationError('MIGRATION_SIGN_REFUSED', `${file.name}${line === null ? '' : ` line ${line}`} does not parse: ${reason}.`, {
    fix: `correct ${file.name}.`,
    file: file.name,
    ...(line === null ? {} : { line }),
  });
}
