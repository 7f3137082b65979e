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

test('a sequence that feeds columns by their defaults ends with the narrowest, by reference or by name', async () => {
  await database.sql(
    'create sequence shared_seq',
    `create table wide_user (id bigint primary key default nextval('shared_seq'))`,
    `create table narrow_user (id int primary key default nextval('shared_seq'))`,
    `select setval('shared_seq', 2000000000)`,
    'create sequence named_seq increment -1',
    `create table named_user (id int primary key default nextval('named_seq'::text))`,
    `select setval('named_seq', -2000000000)`,
  );
  const { findings } = await database.look(check);
  expect(findings.map((finding) => finding.subject)).toEqual(['named_user.id', 'narrow_user.id']);
  expect(findings[1]?.detail).toContain('it feeds 2 columns');
  for (const finding of findings) await database.paste(finding.fix);
  expect((await database.look(check)).findings).toEqual([]);
});

test('a sequence that cycles is named where it meets its own values, and where the column ends before it', async () => {
  await database.sql(
    'create sequence key_seq maxvalue 900 cycle',
    `create table cycled (id int primary key default nextval('key_seq'), note text)`,
    `select setval('key_seq', 890)`,
    'create sequence ticket_seq maxvalue 900 cycle',
    `create table tickets (id int primary key, number int default nextval('ticket_seq'))`,
    `select setval('ticket_seq', 890)`,
  );
  const { findings } = await database.look(check);
  expect(findings.map((finding) => finding.subject)).toEqual(['cycled.id']);
  await database.paste(findings[0]?.fix ?? '');
  expect((await database.look(check)).findings).toEqual([]);
});

test('a sequence that may not be read hides nothing of the others, and its fix lets it be read', async () => {
  await database.sql(
    'create sequence closed_seq',
    'create sequence open_seq as smallint',
    `select setval('open_seq', 32000)`,
    'drop role if exists sequence_reader',
    "create role sequence_reader login password 'reader'",
    'grant select on open_seq to sequence_reader',
    'grant pg_monitor to sequence_reader',
  );
  const reader = { user: 'sequence_reader', password: 'reader' };
  const { findings, notLooked } = await database.look(check, reader);
  expect(findings.map((finding) => finding.subject)).toEqual(['open_seq']);
  expect(notLooked?.message).toContain('closed_seq');
  await database.paste(notLooked?.fix ?? '');
  expect((await database.look(check, reader)).notLooked).toBeUndefined();
  await database.sql('drop owned by sequence_reader', 'drop role sequence_reader', 'drop sequence open_seq');
  await database.sql('revoke select on all sequences in schema public from pg_monitor');
});
