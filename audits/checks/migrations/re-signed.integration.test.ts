import { expect, test } from 'vitest';
import { createMigrationsHouse } from '../../test/migrations-house.ts';
import check from './re-signed.ts';

test('signed and applied migrations are examined and are no finding', async () => {
  await using house = await createMigrationsHouse();
  const { examined, findings } = await house.look(check);
  expect(examined).toBeGreaterThanOrEqual(3);
  expect(findings).toEqual([]);
});

test('a migration that was edited together with its checksum is critical', async () => {
  await using house = await createMigrationsHouse();
  house.write('0003_towns.sql', house.read('0003_towns.sql').replace('towns', 'cities'));
  await house.signAll();
  const { findings } = await house.look(check);
  expect(findings).toMatchObject([{ subject: '0003_towns.sql', severity: 'critical' }]);
});

test('a comment that was edited and signed again is a small finding', async () => {
  await using house = await createMigrationsHouse();
  house.write('0003_towns.sql', `-- Where people live.\n${house.read('0003_towns.sql')}`);
  await house.signAll();
  expect((await house.look(check)).findings).toMatchObject([{ subject: '0003_towns.sql', severity: 'low' }]);
});
