import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readingsOf } from '../../migrations/test/readings.ts';
import type { Readings } from '../../migrations/test/readings.ts';
import { runChecks } from '../src/runner.ts';
import type { CheckReport } from '../src/review.ts';
import { createMigrationsHouse } from './migrations-house.ts';

const verifying = [
  'foreign-database',
  'half-applied',
  'missing',
  'out-of-order',
  'pending',
  're-signed',
  'tampered',
  'unknown-to-code',
  'unsigned',
].map((name) => `migrations/${name}`);

async function review(house: { databaseUrl: string; root: string }, ids: readonly string[]) {
  const reports: CheckReport[] = [];
  const seen: Readings = await readingsOf(join(house.root, 'migrations'), null, async (onStatement) => {
    reports.push(...(await runChecks({ ids, target: { ...house, onStatement } })).checks);
  });
  return { seen, reports };
}

test('all migration checks of a review verify once together, and each still reports its own share', async () => {
  await using house = await createMigrationsHouse();
  const place = { databaseUrl: house.database.url, root: house.root };
  const clean = await review(place, verifying);
  expect(clean.seen).toEqual({ folder: 1, checksums: 1, journal: 1, rows: 1 });
  expect(clean.reports.map((report) => [report.id, report.outcome])).toEqual(verifying.map((id) => [id, 'pass']));
  expect(Math.min(...clean.reports.map((report) => report.examined))).toBeGreaterThanOrEqual(3);
  house.write('0001_people.sql', 'create table people (id bigint primary key);\n');
  house.remove('0002_letters.sql');
  house.write('0004_streets.sql', 'create table streets (id bigint primary key);\n');
  const spoiled = await review(place, verifying);
  expect(spoiled.seen).toEqual(clean.seen);
  const failed = spoiled.reports.flatMap((report) => report.findings.map((finding) => `${report.id} ${finding.subject}`));
  expect(failed.toSorted()).toEqual([
    'migrations/missing 0002_letters.sql',
    'migrations/pending 0004_streets.sql',
    'migrations/tampered 0001_people.sql',
    'migrations/unsigned 0004_streets.sql',
  ]);
});

test('the two checks that lint the files read them once together', async () => {
  await using house = await createMigrationsHouse();
  const place = { databaseUrl: house.database.url, root: house.root };
  const { seen, reports } = await review(place, ['migrations/destructive-statement', 'migrations/unsafe-lock']);
  expect(reports.map((report) => report.examined > 0)).toEqual([true, true]);
  expect(seen.folder).toBe(1);
});
