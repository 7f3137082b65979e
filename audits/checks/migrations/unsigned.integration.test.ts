import { expect, test } from 'vitest';
import { createMigrationsHouse } from '../../test/migrations-house.ts';
import check from './unsigned.ts';

test('signed and applied migrations are examined and are no finding', async () => {
  await using house = await createMigrationsHouse();
  const { examined, findings } = await house.look(check);
  expect(examined).toBeGreaterThanOrEqual(3);
  expect(findings).toEqual([]);
});

test('a file that is not in the checksum file is named, and signing it makes the finding go away', async () => {
  await using house = await createMigrationsHouse();
  house.write('0004_streets.sql', 'create table streets (id bigint primary key);\n');
  const { findings } = await house.look(check);
  expect(findings).toMatchObject([{ subject: '0004_streets.sql', location: 'migrations/sql/0004_streets.sql' }]);
  expect(findings[0]?.fix).toContain('sanctum-ops migrate sign');
  await house.signAll();
  expect((await house.look(check)).findings).toEqual([]);
});
