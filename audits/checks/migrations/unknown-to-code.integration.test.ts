import { expect, test } from 'vitest';
import { createMigrationsHouse } from '../../test/migrations-house.ts';
import check from './unknown-to-code.ts';

test('signed and applied migrations are examined and are no finding', async () => {
  await using house = await createMigrationsHouse();
  const { examined, findings } = await house.look(check);
  expect(examined).toBeGreaterThanOrEqual(3);
  expect(findings).toEqual([]);
});

test('a newer migration that leaves this code working is no finding', async () => {
  await using house = await createMigrationsHouse();
  house.remove('0003_towns.sql');
  await house.signAll();
  const { examined, findings } = await house.look(check);
  expect(examined).toBeGreaterThanOrEqual(5);
  expect(findings).toEqual([]);
});

test('a newer migration that needs newer code says that the schema is newer; so does one that recorded nothing', async () => {
  await using house = await createMigrationsHouse();
  await house.database.client.query('update schema_migrations set breaks_before = 3 where number = 3');
  house.remove('0003_towns.sql');
  await house.signAll();
  const { findings } = await house.look(check);
  expect(findings).toMatchObject([{ subject: '0003_towns.sql', severity: 'high' }]);
  expect(findings[0]?.detail).toContain('newer than the code');
  await house.database.client.query('update schema_migrations set breaks_before = null');
  expect((await house.look(check)).findings).toMatchObject([{ subject: '0003_towns.sql' }]);
});

test('a file that is gone while it is still signed is not a newer schema', async () => {
  await using house = await createMigrationsHouse();
  house.remove('0003_towns.sql');
  expect((await house.look(check)).findings).toEqual([]);
});
