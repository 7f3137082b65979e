import { expect, test } from 'vitest';
import { plantedDatabase } from '../../test/planted-database.ts';
import check from './duplicate-index.ts';

const database = plantedDatabase();

async function found(): Promise<string[]> {
  return (await database.look(check)).findings.map((finding) => finding.subject);
}

test('the migrated schema has indexes, and none twice', async () => {
  const { examined, findings } = await database.look(check);
  expect(examined).toBeGreaterThan(20);
  expect(findings).toEqual([]);
});

test('an equal index and a leading part are named, the primary key never is, and the pasted fixes help', async () => {
  await database.sql(
    'create table twice (a int primary key, b int, c int)',
    'create index twice_b_c on twice (b, c)',
    'create index twice_b_c_again on twice (b, c)',
    'create index twice_b on twice (b)',
    'create index twice_a on twice (a)',
  );
  const { findings } = await database.look(check);
  expect(findings.map((finding) => `${finding.subject} ${finding.severity}`).toSorted()).toEqual([
    'twice_a medium',
    'twice_b low',
    'twice_b_c_again medium',
  ]);
  for (const finding of findings) await database.paste(finding.fix);
  expect(await found()).toEqual([]);
  await database.sql('drop table twice');
});

test.each([
  ['another order', 'create index near on near_t (b desc)'],
  ['another predicate', 'create index near on near_t (b) where c > 1'],
  ['a rule of its own', 'create unique index near on near_t (b)'],
  ['an expression', 'create index near on near_t ((b + 1))'],
  ['another method', 'create index near on near_t using hash (b)'],
  ['another operator class', 'create index near on near_t (t text_pattern_ops)'],
  ['columns to read from it', 'create index near on near_t (b) include (t)'],
])('a second index with %s is no duplicate', async (_name, statement) => {
  await database.sql(
    'create table near_t (a int primary key, b int, c int, t text)',
    'create index near_b_c on near_t (b, c)',
    'create index near_text on near_t (t, a)',
    statement,
  );
  expect(await found()).toEqual([]);
  await database.sql('drop table near_t');
});
