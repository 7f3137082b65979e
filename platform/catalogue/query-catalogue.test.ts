import { expect, test } from 'vitest';
import { collectQueries, queryCatalogue } from './query-catalogue.ts';
import { defineQuery } from '../src/db/query.ts';
import { z } from 'zod';

test('the catalogue holds what each folder declares', () => {
  const names = queryCatalogue.map((query) => query.name);
  expect(names.length).toBeGreaterThan(60);
  expect(names).toEqual(names.toSorted());
  for (const name of ['posts.insert', 'sessions.rotate', 'idempotency.claim_key', 'jobs.queue_state', 'database.cancel_statement'])
    expect(names).toContain(name);
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
