import { expect, test } from 'vitest';
import { createMigrationsHouse } from '../../test/migrations-house.ts';
import check from './unsafe-lock.ts';

test('signed and applied migrations are examined and are no finding', async () => {
  await using house = await createMigrationsHouse();
  const { examined, findings } = await house.look(check);
  expect(examined).toBeGreaterThanOrEqual(3);
  expect(findings).toEqual([]);
});

test('an index that is built while writers wait is named with its line, the concurrent one is not', async () => {
  await using house = await createMigrationsHouse();
  house.write('0004_index.sql', '-- Find people by name.\ncreate index idx_people_name on people (name);\n');
  const { findings } = await house.look(check);
  expect(findings).toMatchObject([
    { subject: '0004_index.sql require-concurrent-index-creation', location: 'migrations/sql/0004_index.sql:2', severity: 'high' },
  ]);
  house.write('0004_index.sql', '-- sanctum: no-transaction\ncreate index concurrently idx_people_name on people (name);\n');
  expect((await house.look(check)).findings).toEqual([]);
});

test('an index on a table that the same migration makes is safe', async () => {
  await using house = await createMigrationsHouse();
  house.write(
    '0004_new.sql',
    'create table streets (id bigint primary key, name text);\ncreate index idx_streets_name on streets (name);\n',
  );
  expect((await house.look(check)).findings).toEqual([]);
});

test('a statement that does not parse is named and hides nothing of the others', async () => {
  await using house = await createMigrationsHouse();
  house.write('0004_index.sql', 'creat tabel nonsense;\ncreate index idx_people_name on people (name);\n');
  const subjects = (await house.look(check)).findings.map((finding) => finding.subject);
  expect(subjects).toContain('0004_index.sql syntax-error');
  expect(subjects).toContain('0004_index.sql require-concurrent-index-creation');
});
