import { expect, test } from 'vitest';
import { plantedDatabase, until } from '../../test/planted-database.ts';
import check from './lock-convoy.ts';

const database = plantedDatabase();

test('a reader, a schema change behind it and readers behind that are one convoy; the pasted fix dissolves it', async () => {
  const holder = await database.connect('forgotten-console');
  const migration = await database.connect('migration');
  const reader = await database.connect('reader');
  await holder.query('begin');
  await holder.query('select count(*) from posts');
  const change = migration.query('alter table posts add column planted int').catch((error: Error) => error.message);
  await until('the schema change waits', async () => (await waiting()) === 1);
  const read = reader.query('select count(*) from posts');
  await until('the reader waits behind it', async () => (await waiting()) === 2);

  const { examined, findings } = await database.look(check);
  expect(examined).toBeGreaterThanOrEqual(3);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ subject: 'lock on posts', severity: 'critical' });
  expect(findings[0]?.detail).toMatch(/forgotten-console.*holds up 2 others waiting for posts/);
  expect(findings[0]?.detail).toContain('alter table posts add column planted int');
  expect(findings[0]?.fix).toMatch(/^select pg_terminate_backend\(\d+\);$/);

  await database.paste(findings[0]?.fix ?? '');
  await change;
  await read;
  expect((await database.look(check)).findings).toEqual([]);
});

test('a lock that nobody waits for is no finding', async () => {
  const holder = await database.connect('writer');
  await holder.query('begin');
  await holder.query('lock table posts in access exclusive mode');
  expect((await database.look(check)).findings).toEqual([]);
  await holder.query('rollback');
});

async function waiting(): Promise<number> {
  const observer = await database.connect('observer');
  const { rows } = await observer.query<{ count: number }>(
    'select count(*)::int as count from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())',
  );
  await observer.end();
  return rows[0]?.count ?? 0;
}
