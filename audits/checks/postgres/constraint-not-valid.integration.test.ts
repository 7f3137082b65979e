import { expect, test } from 'vitest';
import { plantedDatabase } from '../../test/planted-database.ts';
import check from './constraint-not-valid.ts';

const database = plantedDatabase();

async function subjects(): Promise<string[]> {
  return (await database.look(check)).findings.map((finding) => finding.subject);
}

test('the migrated schema has constraints, and each was validated', async () => {
  const { examined, findings } = await database.look(check);
  expect(examined).toBeGreaterThan(30);
  expect(findings).toEqual([]);
});

test('foreign keys, checks, not null and domains that were never validated are named in every schema, and the pasted fixes validate them', async () => {
  await database.sql(
    'create schema elsewhere',
    'create table elsewhere.posts (id int primary key, author int, note text)',
    "alter table posts add constraint planted check (title <> 'planted') not valid",
    'alter table elsewhere.posts add constraint planted check (id > 0) not valid',
    'alter table elsewhere.posts add constraint to_itself foreign key (author) references elsewhere.posts (id) not valid',
    'alter table elsewhere.posts add constraint has_note not null note not valid',
    'create domain elsewhere.age as int',
    'alter domain elsewhere.age add constraint positive check (value > 0) not valid',
  );
  const { findings } = await database.look(check);
  expect(findings.map((finding) => finding.subject)).toEqual([
    'elsewhere.age, positive',
    'elsewhere.posts, has_note',
    'elsewhere.posts, planted',
    'elsewhere.posts, to_itself',
    'posts, planted',
  ]);
  for (const finding of findings) await database.paste(finding.fix);
  expect(await subjects()).toEqual([]);
});

test('a partitioned table is named once, and its fix reaches the partitions', async () => {
  await database.sql(
    'create table parted (at int, v int) partition by range (at)',
    'create table parted_1 partition of parted for values from (0) to (10)',
    'alter table parted add constraint parted_rule check (v > 0) not valid',
  );
  const { findings } = await database.look(check);
  expect(findings.map((finding) => finding.subject)).toEqual(['parted, parted_rule']);
  await database.paste(findings[0]?.fix ?? '');
  expect(await subjects()).toEqual([]);
});

test('a constraint that is declared as not enforced is no finding', async () => {
  await database.sql('alter table posts add constraint hint check (id > 0) not enforced');
  expect(await subjects()).toEqual([]);
});
