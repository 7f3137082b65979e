import { expect, test } from 'vitest';
import { clientActivity } from '../../src/postgres/activity.ts';
import type { Activity } from '../../src/postgres/activity.ts';
import { plantedDatabase, until } from '../../test/planted-database.ts';
import check, { longTransactions } from './long-transaction.ts';

const database = plantedDatabase();
const limits = { idleSecondsMax: 0.2, activeSecondsMax: 0.2 };

async function activity(): Promise<Activity[]> {
  const observer = await database.connect('observer');
  const { rows } = await observer.query<Activity>(clientActivity);
  await observer.end();
  return rows;
}

test('a transaction whose client went silent is named, and the pasted fix ends it', async () => {
  const forgotten = await database.connect('forgotten-console');
  const idle = await database.connect('idle-pool');
  await idle.query('select 1');
  await forgotten.query('begin');
  await forgotten.query('select count(*) from posts');
  await until('the transaction is older than the limit', async () => longTransactions(await activity(), limits).length > 0);
  const findings = longTransactions(await activity(), limits);
  expect(findings).toMatchObject([{ subject: 'transaction of forgotten-console', severity: 'high' }]);
  expect(findings[0]?.detail).toContain('select count(*) from posts');
  await database.paste(findings[0]?.fix ?? '');
  await until('the transaction is gone', async () => longTransactions(await activity(), limits).length === 0);
});

test('sessions without a transaction, and young transactions, are looked at and are no findings', async () => {
  const young = await database.connect('young');
  await young.query('begin');
  const { examined, findings } = await database.look(check);
  expect(examined).toBeGreaterThan(1);
  expect(findings).toEqual([]);
  await young.query('rollback');
});
