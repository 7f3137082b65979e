/** A database of somebody else: judged by what holds everywhere, and not by our model. */
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../platform/test/harness/test-database.ts';
import type { Review } from '../src/review.ts';
import { runChecks } from '../src/runner.ts';

const root = new URL('../../', import.meta.url).pathname;

async function audit(...statements: string[]): Promise<Review> {
  const database = await createTestDatabase({ empty: true });
  try {
    for (const statement of statements) await database.client.query(statement);
    return await runChecks({ groups: ['postgres'], target: { databaseUrl: database.url, root } });
  } finally {
    await database.close();
  }
}

const reports = (review: Review) => Object.fromEntries(review.checks.map((check) => [check.id, check]));

test('a foreign database with a table named posts is looked at, and our model is left out with the reason', async () => {
  const review = await audit('create table posts (id text primary key, body text)', 'create table keyless (a int)');
  const by = reports(review);
  for (const id of ['postgres/missing-constraint', 'postgres/unindexed-query']) {
    expect(by[id]).toMatchObject({ outcome: 'skipped', reason: expect.stringContaining('not ours') });
  }
  for (const id of [
    'postgres/sequence-near-end',
    'postgres/unindexed-foreign-key',
    'postgres/constraint-not-valid',
    'postgres/duplicate-index',
  ]) {
    expect(by[id], id).toMatchObject({ outcome: 'pass' });
  }
  expect(by['postgres/no-primary-key']?.findings.map((finding) => finding.subject)).toEqual(['keyless']);
  expect(review.checks.filter((check) => check.outcome === 'error')).toEqual([]);
  expect(review.verdict).toBe('CONDITIONAL_GO');
});

test('an empty database is held against our model: everything is missing', async () => {
  const by = reports(await audit());
  expect(by['postgres/missing-constraint']?.outcome).toBe('fail');
  expect(by['postgres/no-primary-key']?.outcome).toBe('error');
});
