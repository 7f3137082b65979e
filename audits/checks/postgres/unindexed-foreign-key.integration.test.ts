import { expect, test } from 'vitest';
import { plantedDatabase } from '../../test/planted-database.ts';
import check from './unindexed-foreign-key.ts';

const database = plantedDatabase();

test('the migrated schema has foreign keys, and each is indexed', async () => {
  const { examined, findings } = await database.look(check);
  expect(examined).toBeGreaterThan(10);
  expect(findings).toEqual([]);
});

test('a dropped index is named with its table, and the pasted fix makes the finding go away', async () => {
  await database.sql('drop index idx_posts_sanctum_id');
  const { findings } = await database.look(check);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ subject: 'posts (sanctum_id)', location: 'posts, constraint fk_posts_sanctum' });
  expect(findings[0]?.fix).toBe('create index concurrently idx_posts_sanctum_id on posts (sanctum_id, id desc);');
  await database.paste(findings[0]?.fix ?? '');
  expect((await database.look(check)).findings).toEqual([]);
});

test('an index whose columns stand in another order serves a composite key, one that begins with another column does not', async () => {
  await database.sql(
    'create table parent_t (a int, b int, primary key (a, b))',
    'create table child_t (id int primary key, a int, b int, foreign key (a, b) references parent_t (a, b))',
    'create index served on child_t (b, a, id)',
  );
  expect((await database.look(check)).findings).toEqual([]);
  await database.sql('drop index served', 'create index unserved on child_t (id, a, b)');
  expect((await database.look(check)).findings.map((finding) => finding.subject)).toEqual(['child_t (a, b)']);
  await database.sql('drop table child_t, parent_t');
});

test('a partial index serves only when it leaves out nulls alone', async () => {
  await database.sql(
    'create table child_p (id int primary key, post_id bigint references posts (id))',
    'create index half on child_p (post_id) where post_id is not null',
  );
  expect((await database.look(check)).findings).toEqual([]);
  await database.sql('drop index half', 'create index half on child_p (post_id) where id > 5');
  expect((await database.look(check)).findings.map((finding) => finding.subject)).toEqual(['child_p (post_id)']);
  await database.sql('drop table child_p');
});

test('names that need quotes are quoted in the fix', async () => {
  await database.sql('create schema "Odd"', 'create table "Odd"."Order" (id int primary key, "Post" bigint references posts (id))');
  const { findings } = await database.look(check);
  expect(findings.map((finding) => finding.subject)).toEqual(['"Odd"."Order" ("Post")']);
  await database.paste(findings[0]?.fix ?? '');
  expect((await database.look(check)).findings).toEqual([]);
});
