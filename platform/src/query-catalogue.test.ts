import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collectQueries, queryCatalogue } from './query-catalogue.ts';
import { defineQuery } from './db/query.ts';
import { z } from 'zod';

const source = import.meta.dirname;

test('the catalogue holds every query that the server can run, and nothing else', async () => {
  const files = globSync('**/*.queries.ts', { cwd: source });
  expect(files.length).toBeGreaterThan(5);
  const modules = await Promise.all(files.map((file) => import(join(source, file)) as Promise<Record<string, unknown>>));
  expect(queryCatalogue.map((query) => query.name)).toEqual(collectQueries(modules).map((query) => query.name));
  expect(queryCatalogue.length).toBeGreaterThan(20);
});

test('two queries of one name are refused', () => {
  const query = defineQuery({
    name: 'planted.twin',
    access: 'read',
    params: {},
    text: 'select 1 as one',
    budgetMs: 1,
    usesIndex: [],
    sample: {},
    row: z.object({ one: z.number() }),
  });
  expect(() => collectQueries([{ query }, { other: { ...query } }])).toThrow('planted.twin');
});
