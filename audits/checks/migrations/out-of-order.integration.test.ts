import { expect, test } from 'vitest';
import { createMigrationsHouse } from '../../test/migrations-house.ts';
import check from './out-of-order.ts';

test('signed and applied migrations are examined and are no finding', async () => {
  await using house = await createMigrationsHouse();
  const { examined, findings } = await house.look(check);
  expect(examined).toBeGreaterThanOrEqual(3);
  expect(findings).toEqual([]);
});

test('a new file below the latest applied one is named with the number it may have', async () => {
  await using house = await createMigrationsHouse();
  house.rename('0003_towns.sql', '0004_towns.sql');
  await house.signAll();
  await house.database.client.query("update schema_migrations set number = 4, name = '0004_towns.sql' where number = 3");
  house.write('0003_late.sql', 'create table late (id bigint primary key);\n');
  const { findings } = await house.look(check);
  expect(findings.map((finding) => finding.subject)).toContain('0003_late.sql');
  expect(findings.find((finding) => finding.subject === '0003_late.sql')?.fix).toContain('0005_late.sql');
});

test('two files with one number are named', async () => {
  await using house = await createMigrationsHouse();
  house.write('0003_cities.sql', 'create table cities (id bigint primary key);\n');
  const { findings } = await house.look(check);
  expect(findings.map((finding) => finding.detail).join()).toMatch(/0003/);
});

test('a new file with the next number is in order', async () => {
  await using house = await createMigrationsHouse();
  house.write('0004_streets.sql', 'create table streets (id bigint primary key);\n');
  expect((await house.look(check)).findings).toEqual([]);
});
