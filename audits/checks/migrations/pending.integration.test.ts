import { expect, test } from 'vitest';
import { createMigrationsHouse } from '../../test/migrations-house.ts';
import check from './pending.ts';

test('signed and applied migrations are examined and are no finding', async () => {
  await using house = await createMigrationsHouse();
  const { examined, findings } = await house.look(check);
  expect(examined).toBeGreaterThanOrEqual(3);
  expect(findings).toEqual([]);
});

test('a signed migration that has not run is named until it has', async () => {
  await using house = await createMigrationsHouse();
  house.write('0004_streets.sql', 'create table streets (id bigint primary key);\n');
  await house.signAll();
  expect((await house.look(check)).findings).toMatchObject([{ subject: '0004_streets.sql' }]);
});

test('an edited comment in an applied file is not a pending migration', async () => {
  await using house = await createMigrationsHouse();
  house.write('0001_people.sql', house.read('0001_people.sql').replace('Who there is', 'Everybody'));
  expect((await house.look(check)).findings).toEqual([]);
});
