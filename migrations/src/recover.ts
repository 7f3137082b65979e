import type { ClientBase } from 'pg';
import { begin, commit } from './catalogue.queries.ts';
import { chainOf } from './checksums.ts';
import { changedWhileRead, cleanUp } from './execute.ts';
import { byteHashOf } from './files.ts';
import type { Interruption } from './interruptions.ts';
import { adoptHashes, deleteRunning, markApplied } from './journal.queries.ts';
import type { SqlParser } from './parser.ts';
import type { JournalEntry, MigrationFile, SignedFile } from './types.ts';

export interface Recovered {
  readonly name: string;
  readonly detail: string;
}

/**
 * Settles what earlier runners left: what is done is recorded, the rest is forgotten and will run again. Returns the
 * journal's rows as they are afterwards. Needs the migration lock, under which nobody else writes them.
 */
export async function recoverInterrupted(
  client: ClientBase,
  parser: SqlParser,
  { entries, interruptions }: { readonly entries: readonly JournalEntry[]; readonly interruptions: readonly Interruption[] },
): Promise<{ readonly recovered: readonly Recovered[]; readonly entries: readonly JournalEntry[] }> {
  const recovered: Recovered[] = [];
  let rows = entries;
  for (const { entry, file, text, half } of interruptions) {
    if (byteHashOf(text) !== file.byteHash) throw changedWhileRead(file);
    if (half.state === 'done-not-recorded') {
      await client.query(markApplied, [entry.number, null]);
      rows = rows.map((row) => (row.number === entry.number ? { ...row, state: 'applied' } : row));
    } else {
      await cleanUp(client, parser, text);
      await client.query(deleteRunning, [entry.number]);
      rows = rows.filter((row) => row.number !== entry.number);
    }
    recovered.push({ name: entry.name, detail: half.detail });
  }
  return { recovered, entries: rows };
}

export interface Signatures {
  readonly files: readonly MigrationFile[];
  readonly signed: ReadonlyMap<string, SignedFile>;
}

/**
 * Records new byte hashes of files changed in comments only; the equal token hash is proven again in the statement.
 * Returns the journal's rows as they are afterwards.
 */
export async function adoptCosmetic(
  client: ClientBase,
  { files, signed }: Signatures,
  entries: readonly JournalEntry[],
): Promise<{ readonly adopted: readonly string[]; readonly entries: readonly JournalEntry[] }> {
  const byNumber = new Map(files.map((file) => [file.number, file]));
  const adopted: string[] = [];
  let chain = '';
  const rows = entries.map((entry) => {
    const file = byNumber.get(entry.number);
    const own = file === undefined ? undefined : signed.get(file.name);
    const isCosmetic =
      file !== undefined && own?.bytes === file.byteHash && file.byteHash !== entry.byteHash && own.tokens === entry.tokenHash;
    const byteHash = isCosmetic ? file.byteHash : entry.byteHash;
    chain = chainOf(chain, entry.name, byteHash);
    if (isCosmetic) adopted.push(entry.name);
    return adopted.length > 0 ? { ...entry, byteHash, chainHash: chain } : entry;
  });
  if (adopted.length === 0) return { adopted, entries };
  await client.query(begin);
  for (const row of rows.filter((candidate, at) => candidate !== entries[at])) {
    await client.query(adoptHashes, [row.number, row.byteHash, row.chainHash, row.tokenHash]);
  }
  await client.query(commit);
  return { adopted, entries: rows };
}
