import { finding } from './finding.ts';
import { readInterruptions } from './interruptions.ts';
import type { Interruption } from './interruptions.ts';
import { findInvalidIndexes } from './invalid-indexes.ts';
import { entriesOf, readJournal } from './journal.ts';
import type { JournalState } from './journal.ts';
import type { JournalEntry, Queryable, VerifyFinding, VerifyResult } from './types.ts';
import type { FilesVerification } from './verify-files.ts';
import { compareWithJournal, journalChain, leavesAlone } from './verify-journal.ts';

/**
 * What one command knows of a folder and a database. Each of the two is read once, here; whoever decides afterwards is
 * handed this and reads neither again, so that no two decisions of one command are made on different pictures.
 */
export interface MigrationContext {
  readonly files: FilesVerification;
  readonly journal: JournalState;
  readonly verification: VerifyResult;
  /** Migrations that nobody is running any more and that the journal does not call applied. */
  readonly interruptions: readonly Interruption[];
}

/** Reads the journal and compares it with the files that were read. Reads only; throws only what the server throws. */
export async function readContext(files: FilesVerification, database: Queryable): Promise<MigrationContext> {
  const journal = await readJournal(database);
  if (journal.kind === 'foreign') {
    const verification = mergedResult(files, [foreignDatabase(journal.database, journal.detail)], []);
    return { files, journal, verification, interruptions: [] };
  }
  const entries = entriesOf(journal);
  const running = entries.filter((entry) => entry.state === 'running');
  const { findings: interrupted, interruptions } = await readInterruptions(database, files.files, running);
  const findings = [
    ...journalChain(entries),
    ...(await compareWithJournal(files, entries)),
    ...interrupted,
    ...(await findInvalidIndexes(database, running)),
  ];
  return { files, journal, verification: mergedResult(files, findings, entries), interruptions };
}

/** What the files say and what was found in the database, as one result; `entries` is null when no database was looked at. */
export function mergedResult(
  files: FilesVerification,
  found: readonly VerifyFinding[],
  entries: readonly JournalEntry[] | null,
): VerifyResult {
  const named = new Set(found.map((entry) => `${entry.code} ${entry.file}`));
  const findings = [...files.findings.filter((entry) => !named.has(`${entry.code} ${entry.file}`)), ...found];
  const known = entries === null ? null : new Set(entries.filter((entry) => entry.state === 'applied').map((entry) => entry.number));
  const head = entries?.findLast((entry) => entry.state === 'applied') ?? null;
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

function foreignDatabase(database: string, detail: string): VerifyFinding {
  return finding('foreign-database', database, {
    detail: `The database ${database} is not ours: ${detail}.`,
    fix: 'Point DATABASE_URL at a Sanctum database or at an empty one: create database sanctum;',
  });
}
