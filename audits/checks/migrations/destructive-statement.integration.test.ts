import { expect, test } from 'vitest';
import { createMigrationsHouse } from '../../test/migrations-house.ts';
import check from './destructive-statement.ts';

test('signed and applied migrations are examined and are no finding', async () => {
  await using house = await createMigrationsHouse();
  const { examined, findings } = await house.look(check);
  expect(examined).toBeGreaterThanOrEqual(3);
  expect(findings).toEqual([]);
});

test.each([
  ['a dropped table', 'drop table people cascade;', 'drop-table'],
  ['a dropped column', 'alter table people drop column name;', 'drop-column'],
  ['an emptied table', 'truncate people;', 'truncate'],
  ['a delete of everything', 'delete from people;', 'delete-without-where'],
])('%s is named with file, line and rule', async (_name, statement, rule) => {
  await using house = await createMigrationsHouse();
  house.write('0004_change.sql', `-- A change.\n${statement}\n`);
  const { findings } = await house.look(check);
  expect(findings.map((finding) => finding.subject)).toContain(`0004_change.sql ${rule}`);
  expect(findings[0]?.location).toBe('migrations/sql/0004_change.sql:2');
});

test('a statement that does not parse hides nothing of the others', async () => {
  await using house = await createMigrationsHouse();
  house.write('0004_change.sql', 'creat tabel nonsense;\ndrop table people cascade;\n');
  expect((await house.look(check)).findings.map((finding) => finding.subject)).toContain('0004_change.sql drop-table');
});

test('a delete that says which rows, and a dropped default, destroy nothing', async () => {
  await using house = await createMigrationsHouse();
  house.write('0004_change.sql', "delete from people where name = 'planted';\nalter table people alter column name drop default;\n");
  expect((await house.look(check)).findings).toEqual([]);
});
