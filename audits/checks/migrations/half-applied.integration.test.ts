import { expect, test } from 'vitest';
import { createMigrationsHouse } from '../../test/migrations-house.ts';
import check from './half-applied.ts';

test('signed and applied migrations are examined and are no finding', async () => {
  await using house = await createMigrationsHouse();
  const { examined, findings } = await house.look(check);
  expect(examined).toBeGreaterThanOrEqual(3);
  expect(findings).toEqual([]);
});

test('a migration that the journal still calls running, with nobody running it, is named with its way out', async () => {
  await using house = await createMigrationsHouse();
  await house.database.client.query("update schema_migrations set state = 'running', applied_at = null where number = 3");
  const { findings } = await house.look(check);
  expect(findings).toMatchObject([{ subject: '0003_towns.sql', severity: 'high' }]);
  expect(findings[0]?.fix).toMatch(/sanctum-ops migrate (up|resolve)/);
});
