import { invalidIndexes } from './catalogue.queries.ts';
import { finding } from './finding.ts';
import { note, quoteQualified, script, sql } from './sql-text.ts';
import type { JournalEntry, Queryable, VerifyFinding } from './types.ts';

interface InvalidIndexRow {
  schema: string;
  name: string;
  table_name: string;
  is_unique: boolean;
  builder: number | null;
}

/** What an interrupted or failed concurrent build left; an index that is being built at this moment is none. */
export async function findInvalidIndexes(database: Queryable, running: readonly JournalEntry[]): Promise<VerifyFinding[]> {
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
