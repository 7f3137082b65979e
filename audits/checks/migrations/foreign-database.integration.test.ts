import { expect, test } from 'vitest';
import { createMigrationsHouse } from '../../test/migrations-house.ts';
import check from './foreign-database.ts';

test('signed and applied migrations are examined and are no finding', async () => {
  await using house = await createMigrationsHouse();
  const { examined, findings } = await house.look(check);
  expect(examined).toBeGreaterThanOrEqual(3);
  expect(findings).toEqual([]);
});

test('tables without a journal are the tables of somebody else', async () => {
  await using house = await createMigrationsHouse();
  await house.database.client.query('drop table schema_migrations');
  const { findings } = await house.look(check);
  expect(findings).toMatchObject([{ severity: 'critical' }]);
  expect(findings[0]?.fix).toContain('DATABASE_URL');
});

test("an empty database is nobody else's", async () => {
  await using house = await createMigrationsHouse();
  await house.database.client.query('drop table schema_migrations, letters, people, towns');
  expect((await house.look(check)).findings).toEqual([]);
});
