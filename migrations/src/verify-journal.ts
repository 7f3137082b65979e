import { chainOf } from './checksums.ts';
import { readTextOf } from './files.ts';
import { finding } from './finding.ts';
import { loadParser } from './parser.ts';
import { runsTheSame, tokenHashOf } from './tokens.ts';
import type { JournalEntry, MigrationFile, VerifyFinding } from './types.ts';
import type { FilesVerification } from './verify-files.ts';

/** The journal proves itself: each chain hash follows from the rows before it. */
export function journalChain(entries: readonly JournalEntry[]): VerifyFinding[] {
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

/** What the database ran beside what the code holds. */
export async function compareWithJournal(files: FilesVerification, entries: readonly JournalEntry[]): Promise<VerifyFinding[]> {
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

/** A schema that is newer than the code is fine as long as every migration on top says that code like this keeps working. */
export function leavesAlone(entry: JournalEntry, last: number): boolean {
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
