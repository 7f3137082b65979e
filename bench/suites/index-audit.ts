/** P27: what the audit of a large catalogue takes, and how many statements. */
import { join } from 'node:path';
import { runChecks } from '@sanctum/audits/runner';
import { startTemporaryPostgres } from '@sanctum/platform/local/temporary-postgres';
import pg from 'pg';
import { growDatabase } from '../../audits/test/large-database.ts';
import { measured, type Measure, type Suite } from '../lib/measure.ts';

const root = join(import.meta.dirname, '../..');
const indexChecks = ['postgres/duplicate-index', 'postgres/invalid-index', 'postgres/unindexed-foreign-key'];
const catalogueChecks = [
  ...indexChecks,
  'postgres/constraint-not-valid',
  'postgres/key-type-mismatch',
  'postgres/narrow-key-near-end',
  'postgres/no-primary-key',
  'postgres/sequence-near-end',
];

/** One audit: its milliseconds and statements. Throws when a check did not look at what is there. */
async function audit(databaseUrl: string, ids: readonly string[]): Promise<{ ms: number; statements: number }> {
  let statements = 0;
  const started = performance.now();
  const review = await runChecks({ ids, target: { databaseUrl, root, onStatement: () => void (statements += 1) } });
  const ms = performance.now() - started;
  // The grown tables have no narrow key: that check has nothing to examine.
  const blind = review.checks.filter(
    (check) => check.outcome !== 'pass' || (check.examined === 0 && check.id !== 'postgres/narrow-key-near-end'),
  );
  if (blind.length > 0) throw new Error(`${blind.map((check) => `${check.id}: ${check.outcome}`).join(', ')}`);
  return { ms, statements };
}

async function grown(serverUrl: string, tables: number): Promise<string> {
  const url = new URL(serverUrl);
  const name = `grown_${tables}`;
  const server = new pg.Client({ connectionString: serverUrl });
  await server.connect();
  await server.query(`create database ${server.escapeIdentifier(name)}`);
  await server.end();
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await growDatabase(client, tables);
  await client.end();
  return url.href;
}

export const indexAudit: Suite = {
  name: 'index-audit',
  run: async ({ pairs, log }) => {
    const server = await startTemporaryPostgres();
    try {
      log('growing 1,000 tables with 5,000 indexes');
      const small = await grown(server.url, 1000);
      const runs: { ms: number; statements: number }[] = [];
      for (let run = 0; run < pairs; run += 1) runs.push(await audit(small, indexChecks));
      log('growing 10,000 tables with 50,000 indexes');
      const large = await grown(server.url, 10_000);
      const whole: number[] = [];
      for (let run = 0; run < 3; run += 1) whole.push((await audit(large, catalogueChecks)).ms);
      return results(runs, whole);
    } finally {
      await server.stop();
    }
  },
};

function results(runs: readonly { ms: number; statements: number }[], whole: readonly number[]): Measure[] {
  const times = runs.map((run) => run.ms);
  const statements = runs.map((run) => run.statements);
  return [
    measured({ id: 'P27', title: 'index audit, 1,000 tables, 5,000 indexes', unit: 'ms', must: 1000, aim: 500, better: 'less' }, times),
    measured({ id: 'P27', title: 'statements of that audit', unit: '', must: 8, aim: 8, better: 'less' }, statements),
    measured({ id: 'P27', title: 'every catalogue check, 10,000 tables', unit: 'ms', must: 10_000, aim: 5000, better: 'less' }, whole),
  ];
}
