import { expect, test } from 'vitest';
import { createMigrationsHouse } from '../../test/migrations-house.ts';
import check from './tampered.ts';

test('signed and applied migrations are examined and are no finding', async () => {
  await using house = await createMigrationsHouse();
  const { examined, findings } = await house.look(check);
  expect(examined).toBeGreaterThanOrEqual(3);
  expect(findings).toEqual([]);
});

test('an edited statement is critical and named with its file; restoring the file makes the finding go away', async () => {
  await using house = await createMigrationsHouse();
  const before = house.read('0002_letters.sql');
  house.write('0002_letters.sql', before.replace('person_id bigint not null', 'person_id bigint'));
  const { findings } = await house.look(check);
  expect(findings).toMatchObject([{ subject: '0002_letters.sql', severity: 'critical', location: 'migrations/sql/0002_letters.sql' }]);
  expect(findings[0]?.fix).toContain('git checkout -- migrations/sql/0002_letters.sql');
  house.write('0002_letters.sql', before);
  expect((await house.look(check)).findings).toEqual([]);
});

test('an edited comment is a small finding that says that the statements are the same', async () => {
  await using house = await createMigrationsHouse();
  house.write('0001_people.sql', house.read('0001_people.sql').replace('Who there is', 'Everybody there is'));
  const { findings } = await house.look(check);
  expect(findings).toMatchObject([{ subject: '0001_people.sql', severity: 'low' }]);
  expect(findings[0]?.detail).toContain('comments or white space only');
});
