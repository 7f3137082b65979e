import { expect, test } from 'vitest';
import { createMigrationsHouse } from '../../test/migrations-house.ts';
import check from './unknown-to-code.ts';

test('signed and applied migrations are examined and are no finding', async () => {
  await using house = await createMigrationsHouse();
  const { examined, findings } = await house.look(check);
  expect(examined).toBeGreaterThanOrEqual(3);
  expect(findings).toEqual([]);
});

test('a migration that only the database knows, later than all of ours, says that the schema is newer', async () => {
  await using house = await createMigrationsHouse();
  house.remove('0003_towns.sql');
  await house.signAll();
  const { findings } = await house.look(check);
  expect(findings).toMatchObject([{ subject: '0003_towns.sql', severity: 'high' }]);
  expect(findings[0]?.detail).toContain('newer than the code');
});

test('a file that is gone while it is still signed is not a newer schema', async () => {
  await using house = await createMigrationsHouse();
  house.remove('0003_towns.sql');
  expect((await house.look(check)).findings).toEqual([]);
});
