import { expect, test } from 'vitest';
import { createMigrationsHouse } from '../../test/migrations-house.ts';
import check from './missing.ts';

test('signed and applied migrations are examined and are no finding', async () => {
  await using house = await createMigrationsHouse();
  const { examined, findings } = await house.look(check);
  expect(examined).toBeGreaterThanOrEqual(3);
  expect(findings).toEqual([]);
});

test('an applied migration whose file is gone is critical, and gone when the file is back', async () => {
  await using house = await createMigrationsHouse();
  const before = house.read('0002_letters.sql');
  house.remove('0002_letters.sql');
  expect((await house.look(check)).findings).toMatchObject([{ subject: '0002_letters.sql', severity: 'critical' }]);
  house.write('0002_letters.sql', before);
  expect((await house.look(check)).findings).toEqual([]);
});

test('a new file that is not applied yet is not a missing one', async () => {
  await using house = await createMigrationsHouse();
  house.write('0004_streets.sql', 'create table streets (id bigint primary key);\n');
  await house.signAll();
  expect((await house.look(check)).findings).toEqual([]);
});
