import { expect, test } from 'vitest';
import { plantedDatabase } from '../../test/planted-database.ts';
import check from './key-type-mismatch.ts';

const database = plantedDatabase();

async function found(): Promise<string[]> {
  return (await database.look(check)).findings.map((finding) => finding.subject);
}

test('the migrated schema has foreign keys, and each has the type of what it references', async () => {
  const { examined, findings } = await database.look(check);
  expect(examined).toBeGreaterThan(10);
  expect(findings).toEqual([]);
});

test('a narrower integer and another kind of number are named, and the pasted fixes change them', async () => {
  await database.sql(
    'create table measured (id numeric primary key)',
    'create table narrow (id int primary key, post_id int references posts (id), of bigint references measured)',
  );
  const { findings } = await database.look(check);
  expect(findings.map((finding) => finding.subject)).toEqual(['narrow (of)', 'narrow (post_id)']);
  expect(findings[1]?.detail).toContain('post_id is integer, posts.id is bigint');
  for (const finding of findings) await database.paste(finding.fix);
  expect(await found()).toEqual([]);
  await database.sql('drop table narrow, measured');
});

test('a key of two columns is one finding with both', async () => {
  await database.sql(
    'create table pairs (a bigint, b bigint, primary key (a, b))',
    'create table pointing (a int, b int, primary key (a, b), foreign key (a, b) references pairs)',
  );
  const { findings } = await database.look(check);
  expect(findings.map((finding) => finding.subject)).toEqual(['pointing (a, b)']);
  await database.paste(findings[0]?.fix ?? '');
  expect(await found()).toEqual([]);
});

test.each([
  ['a wider integer', 'int', 'bigint'],
  ['a varchar for a text', 'text', 'varchar(40)'],
  ['a domain over the same type', 'bigint', 'positive'],
  ['another length', 'varchar(10)', 'varchar(20)'],
])('%s is no finding', async (_name, referenced, own) => {
  await database.sql(
    'create domain positive as bigint check (value > 0)',
    `create table near_parent (id ${referenced} primary key)`,
    `create table near_child (id ${own} primary key references near_parent)`,
  );
  expect(await found()).toEqual([]);
  await database.sql('drop table near_child, near_parent', 'drop domain positive');
});

test('where a view holds the type, the fix says so and breaks nothing', async () => {
  await database.sql(
    'create table held (id int primary key, post_id int references posts (id))',
    'create view held_view as select post_id from held',
  );
  const { findings } = await database.look(check);
  expect(findings[0]?.fix).toMatch(/^-- something holds the type of the column/);
  await database.paste(findings[0]?.fix ?? '');
  await database.sql('drop view held_view');
  await database.paste((await database.look(check)).findings[0]?.fix ?? '');
  expect(await found()).toEqual([]);
});
