/** What the database checks cost grows with the number of tables, and not with its square. */
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../platform/test/harness/test-database.ts';
import { runChecks } from '../src/runner.ts';
import { openDatabase } from '../src/targets/database.ts';
import { growDatabase } from './large-database.ts';

const root = new URL('../../', import.meta.url).pathname;
const ids = [
  'constraint-not-valid',
  'duplicate-index',
  'invalid-index',
  'key-type-mismatch',
  'narrow-key-near-end',
  'no-primary-key',
  'sequence-near-end',
  'unindexed-foreign-key',
];

interface Plan {
  readonly 'Node Type': string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** Rows that all nodes of a plan handled, those they threw away included. */
function rowsOf(plan: Plan): number {
  const handled = (plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Join Filter'] ?? 0);
  return handled * (plan['Actual Loops'] ?? 1) + (plan.Plans ?? []).reduce((sum, child) => sum + rowsOf(child), 0);
}

/** By statement, the rows that it handles on a database of this size. */
async function work(tables: number): Promise<{ rows: Map<string, number>; statements: number }> {
  const database = await createTestDatabase({ empty: true });
  try {
    await growDatabase(database.client, tables);
    const asked: { text: string; values: readonly unknown[] | undefined }[] = [];
    const review = await runChecks({
      ids: ids.map((id) => `postgres/${id}`),
      target: { databaseUrl: database.url, root, onStatement: (text, values) => asked.push({ text, values }) },
    });
    expect(review.checks.map((check) => [check.id, check.outcome])).toEqual(ids.map((id) => [`postgres/${id}`, 'pass']));
    expect(review.checks.find((check) => check.id === 'postgres/no-primary-key')?.examined).toBe(tables + 1);
    const { target, close } = await openDatabase(database.url);
    const rows = new Map<string, number>();
    for (const { text, values } of asked) {
      const [plan] = await target.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (analyze, format json) ${text}`, values);
      rows.set(text, rowsOf(plan?.['QUERY PLAN'][0].Plan ?? { 'Node Type': 'none' }));
    }
    await close();
    return { rows, statements: asked.length };
  } finally {
    await database.close();
  }
}

test(
  'four times the tables are at most six times the rows for every statement, and not one statement more',
  { timeout: 120_000 },
  async () => {
    const small = await work(100);
    const large = await work(400);
    expect(large.statements).toBe(small.statements);
    const ratios = [...large.rows].map(([text, rows]) => ({
      text: text.trim().slice(0, 80),
      ratio: rows / Math.max(1, small.rows.get(text) ?? 0),
    }));
    expect(ratios.length).toBeGreaterThanOrEqual(6);
    // A statement with a fixed part may grow by less; one that grows with the square grows sixteen-fold.
    expect(ratios.filter(({ ratio }) => ratio > 6)).toEqual([]);
  },
);
