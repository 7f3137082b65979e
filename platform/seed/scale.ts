/**
 * Data in bulk for benchmarks and plan checks: made by PostgreSQL itself, set by set, the same every time.
 * Likes follow a long tail, one thread holds a given number of comments, everything else is spread evenly.
 */
import pg from 'pg';
import * as statements from './scale.queries.ts';

export interface ScaleOptions {
  readonly databaseUrl: string;
  readonly posts: number;
  /** Comments of the one long thread, which hangs on the newest post. */
  readonly comments: number;
  readonly users: number;
  /** Posts without text, likes counted and kept as rows for one reader alone: ten million posts fit a small disk. */
  readonly slim?: boolean;
  readonly log?: (line: string) => void;
}

export interface ScaleResult {
  /** The post with the long thread. */
  readonly threadPostId: string;
  /** Member of half of the sanctums. */
  readonly readerId: string;
  readonly sanctumName: string;
}

/** Fills an empty, migrated database. Throws when there are users already: it is never run on data that matters. */
export async function seedScale({ databaseUrl, posts, comments, users, slim = false, log = () => {} }: ScaleOptions): Promise<ScaleResult> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'sanctum-seed' });
  await client.connect();
  try {
    const { rows } = await client.query<{ taken: boolean }>(statements.hasUsers);
    if (rows[0]?.taken !== false) throw new Error('the database has users already: bulk data goes only into an empty one');
    const step = async (name: string, text: string, values: readonly unknown[] = []) => {
      const started = performance.now();
      await client.query(text, [...values]);
      log(`${name} in ${Math.round(performance.now() - started)} ms`);
    };
    // An index built over finished rows costs a fraction of one kept row by row; the rows refer to each other by arithmetic.
    const { rows: indexes } = await client.query<{ name: string; removal: string; definition: string }>(statements.ownIndexes, [
      statements.bulkTables,
    ]);
    await client.query(statements.trustRows);
    for (const { removal } of indexes) await client.query(removal);
    for (const [name, text, values] of statements.bulk({ posts, comments, users, slim })) await step(name, text, values);
    for (const { name, definition } of indexes) await step(`index ${name}`, definition);
    await client.query(statements.distrustRows);
    for (const table of statements.tablesToVacuum) await client.query(`vacuum analyze ${client.escapeIdentifier(table)}`);
    const found = await client.query<{ thread: string; reader: string; sanctum: string }>(statements.landmarks);
    const landmark = found.rows[0];
    if (landmark === undefined) throw new Error('no post was made: ask for at least one');
    return { threadPostId: landmark.thread, readerId: landmark.reader, sanctumName: landmark.sanctum };
  } finally {
    await client.end();
  }
}
