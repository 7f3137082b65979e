/** The corpus is SQL that PostgreSQL runs, and what the linter calls free is free on a real server. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestFolder } from '../test/folder.ts';
import { corpusBase, readCorpus } from '../test/corpus.ts';
import { createScratchDatabase } from '../test/scratch.ts';
import type { ScratchDatabase } from '../test/scratch.ts';
import { lintMigrations } from './lint.ts';
import { loadParser } from './parser.ts';
import { splitStatements } from './statements.ts';

let database: ScratchDatabase;
const parser = await loadParser();
beforeAll(async () => {
  database = await createScratchDatabase();
  await database.client.query(corpusBase);
});
afterAll(() => database.close());

const inTransaction = readCorpus('safe').filter(({ files }) => !files.some((text) => text.includes('no-transaction')));

test.each(inTransaction.map((entry) => [entry.name, entry.files] as const))('runs: %s', async (_name, files) => {
  expect(inTransaction.length).toBeGreaterThan(80);
  await database.client.query('begin');
  try {
    for (const text of files) {
      const statements = splitStatements(parser, text).statements.filter(({ text: sql }) => !/^(vacuum|set local)/.test(sql));
      for (const statement of statements) await database.client.query(statement.text);
    }
  } finally {
    await database.client.query('rollback');
  }
});

const changes = readCorpus('safe').filter(
  ({ files }) => files.length === 1 && /alter column \S+ (set data )?type/.test(files[0] ?? '') && !files[0]?.includes('create table'),
);

test.each(changes.map((entry) => [entry.name, entry.files[0] ?? ''] as const))('rewrites nothing: %s', async (_name, sql) => {
  const { client } = database;
  const table = /alter table (\S+)/.exec(sql)?.[1] ?? '';
  const storage = async (): Promise<unknown> =>
    (
      await client.query(
        'select array_agg(pg_relation_filenode(oid) order by oid) as nodes from (select $1::regclass::oid as oid union all select indexrelid from pg_index where indrelid = $1::regclass) as own',
        [table],
      )
    ).rows[0];
  await client.query('begin');
  try {
    const before = await storage();
    await client.query(sql);
    expect(await storage()).toEqual(before);
  } finally {
    await client.query('rollback');
  }
});

test('what only the database knows keeps the linter silent, and only for files that it has not run', async () => {
  const widen = 'alter table users alter column name type varchar(100);\nalter table users alter column name set not null;\n';
  const folder = await createTestFolder({ '0001_widen.sql': widen }, { sign: false });
  const rules = async (options: object): Promise<string[]> =>
    (await lintMigrations({ dir: folder.dir, files: ['0001_widen.sql'], ...options })).findings
      .filter((entry) => entry.severity !== 'low')
      .map((entry) => entry.rule);
  expect((await rules({})).toSorted()).toEqual(['adding-not-nullable-field', 'changing-column-type']);
  expect(await rules({ schema: { database: database.url } })).toEqual([]);
  await folder.close();
});

test('a database that cannot be asked is said, never taken for an empty one', async () => {
  const folder = await createTestFolder({ '0001_x.sql': 'select 1;\n' }, { sign: false });
  const { notLooked } = await lintMigrations({ dir: folder.dir, schema: { database: 'postgres://nobody@127.0.0.1:1/none' } });
  expect(notLooked.join()).toContain('the schema was not read');
  await folder.close();
});
