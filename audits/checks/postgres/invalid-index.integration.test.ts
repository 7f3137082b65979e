import { expect, test } from 'vitest';
import { plantedDatabase } from '../../test/planted-database.ts';
import check from './invalid-index.ts';

const database = plantedDatabase();

test('an index left by a concurrent build that failed is named, and the pasted fix rebuilds it', async () => {
  await database.sql('create table marks (a int)', 'insert into marks values (1), (1)');
  await expect(database.sql('create unique index concurrently marks_a on marks (a)')).rejects.toThrow(/marks_a/);
  const { examined, findings } = await database.look(check);
  expect(examined).toBeGreaterThan(20);
  expect(findings).toMatchObject([{ subject: 'marks_a', location: 'marks, index marks_a' }]);
  await database.sql('delete from marks');
  await database.paste(findings[0]?.fix ?? '');
  expect((await database.look(check)).findings).toEqual([]);
});

test('a valid index that was built concurrently is no finding', async () => {
  await database.sql('create table fine (a int)', 'create index concurrently fine_a on fine (a)');
  expect((await database.look(check)).findings).toEqual([]);
});
