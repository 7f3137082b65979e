import { expect, test } from 'vitest';
import { plantedDatabase } from '../../test/planted-database.ts';
import check from './sequence-near-end.ts';

const database = plantedDatabase();

test('an identity column of type integer near its end is critical, and the pasted fix widens it', async () => {
  await database.sql('create table narrow (id int generated always as identity primary key)', `select setval('narrow_id_seq', 2000000000)`);
  const { examined, findings } = await database.look(check);
  expect(examined).toBeGreaterThan(1);
  expect(findings).toMatchObject([{ subject: 'narrow.id', severity: 'critical' }]);
  expect(findings[0]?.detail).toContain('93.1 %');
  await database.paste(findings[0]?.fix ?? '');
  expect((await database.look(check)).findings).toEqual([]);
});

test('a wide sequence that feeds a narrow column ends with the column', async () => {
  await database.sql(
    'create sequence wide_seq as bigint',
    'create table fed (id smallint primary key)',
    'alter sequence wide_seq owned by fed.id',
    `select setval('wide_seq', 26000)`,
  );
  const { findings } = await database.look(check);
  expect(findings).toMatchObject([{ subject: 'fed.id', severity: 'high' }]);
  await database.paste(findings[0]?.fix ?? '');
  expect((await database.look(check)).findings).toEqual([]);
});

test('the same value in a bigint column, and a sequence that cycles, are no findings', async () => {
  await database.sql(
    'create table roomy (id bigint generated always as identity primary key)',
    `select setval('roomy_id_seq', 2000000000)`,
    'create sequence round as smallint cycle',
    `select setval('round', 32000)`,
  );
  expect((await database.look(check)).findings).toEqual([]);
});
