/** Every statement of the catalogue is one that this schema can run, with the types it declares. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test/harness/test-database.ts';
import { queryCatalogue } from './query-catalogue.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('the catalogue is not empty and names are unique', () => {
  expect(queryCatalogue.length).toBeGreaterThan(40);
  expect(new Set(queryCatalogue.map((query) => query.name)).size).toBe(queryCatalogue.length);
});

test.each(queryCatalogue.map((query) => [query.name, query] as const))(
  '%s runs with its sample, in a transaction that is rolled back',
  async (_name, query) => {
    const { client } = database;
    await client.query('begin');
    try {
      const values = query.parameterNames.map((name) => query.sample[name]);
      const result = await client.query(query.text, values);
      for (const row of result.rows) query.row.parse(row);
    } catch (error) {
      // A sample may name rows that an empty database does not have; that the statement reached them is what counts.
      expect((error as { code?: string }).code).toBe('23503');
    } finally {
      await client.query('rollback');
    }
  },
);
