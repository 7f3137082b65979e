import { expect, test } from 'vitest';
import { createMigrationsHouse } from '../../test/migrations-house.ts';
import check from './schema-drift.ts';

test('signed and applied migrations are examined and are no finding', async () => {
  await using house = await createMigrationsHouse();
  const { examined, findings } = await house.look(check);
  expect(examined).toBeGreaterThanOrEqual(3);
  expect(findings).toEqual([]);
});

test('a dropped index is named, and the pasted fix brings it back', async () => {
  await using house = await createMigrationsHouse();
  await house.database.client.query('drop index idx_letters_person_id');
  const { findings } = await house.look(check);
  expect(findings).toMatchObject([{ subject: 'index idx_letters_person_id', severity: 'high' }]);
  expect(findings[0]?.location).toMatch(/^migrations\/schema\.sql:\d+$/);
  await house.database.client.query(findings[0]?.fix ?? '');
  expect((await house.look(check)).findings).toEqual([]);
});

test('a column that somebody added by hand is named with its table', async () => {
  await using house = await createMigrationsHouse();
  await house.database.client.query('alter table towns add column planted text');
  const { findings } = await house.look(check);
  expect(findings).toMatchObject([{ subject: 'table towns' }]);
  expect(findings[0]?.detail).toContain('planted text');
  await house.database.client.query(findings[0]?.fix ?? '');
  expect((await house.look(check)).findings).toEqual([]);
});

test('a table that no migration makes is a smaller finding; rows and a rebuilt index are none', async () => {
  await using house = await createMigrationsHouse();
  await house.database.client.query("insert into people (name) values ('ada')");
  await house.database.client.query('reindex index idx_letters_person_id');
  expect((await house.look(check)).findings).toEqual([]);
  await house.database.client.query('create table scratch (id bigint primary key)');
  expect((await house.look(check)).findings).toMatchObject([{ subject: 'table scratch', severity: 'medium' }]);
});

test('an extension that only watches the server is no drift, another one is', async () => {
  await using house = await createMigrationsHouse();
  await house.database.client.query('create extension pg_stat_statements');
  expect((await house.look(check)).findings).toEqual([]);
  await house.database.client.query('create extension pgstattuple');
  expect((await house.look(check)).findings).toMatchObject([{ subject: 'extension pgstattuple' }]);
});
