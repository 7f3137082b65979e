import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/harness/test-database.ts';
import { jsonList, jsonObject } from './json.fragments.queries.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
});
afterAll(() => database.close());

async function textOf(expression: string): Promise<string | null> {
  const { rows } = await database.client.query<{ text: string | null }>(`select (${expression})::text as text`);
  return rows[0]?.text ?? null;
}

const fields = {
  text: `E'a "quoted" \\\\ line\\n: , <b> Zoë 🎲'::text`,
  none: 'null::text',
  count: '7::integer',
  large: '9007199254740993::bigint::text',
  yes: 'true',
  inner: jsonObject({ name: "'x'::text" }),
};

test('an object holds what json_build_object holds, in the same order, without spaces between its parts', async () => {
  const pairs = Object.entries(fields).flatMap(([name, expression]) => [`'${name}'`, expression]);
  const built = await textOf(`json_build_object(${pairs.join(', ')})`);
  const found = await textOf(jsonObject(fields));
  expect(built).toContain('" : ');
  expect(found).toBe(JSON.stringify(JSON.parse(built ?? '')));
});

test('an object of no row is null', async () => {
  expect(await textOf(jsonObject({ one: '1' }, 'where false'))).toBeNull();
});

test('a list holds its items in order, without spaces; of nothing it is empty', async () => {
  const items = (count: number) => `select ${jsonList(jsonObject({ n: 'i' }), 'i desc')} from generate_series(1, ${count}) i`;
  expect(await textOf(items(3))).toBe('[{"n":3},{"n":2},{"n":1}]');
  expect(await textOf(items(0))).toBe('[]');
});
