import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestFolder, sampleFiles } from '../test/folder.ts';
import type { TestFolder } from '../test/folder.ts';
import { readingsOf } from '../test/readings.ts';
import { createScratchDatabase } from '../test/scratch.ts';
import type { ScratchDatabase } from '../test/scratch.ts';
import { applyMigrations } from './apply.ts';
import type { ApplyResult } from './apply.ts';
import { downMigration } from './down.ts';
import { planMigrations } from './plan.ts';
import { signMigrations } from './sign.ts';
import { migrationStatus } from './status.ts';
import { verifyMigrations } from './verify.ts';

const once = { folder: 1, checksums: 1, journal: 1, rows: 1 };
const names = Object.keys(sampleFiles);
let database: ScratchDatabase;
let folder: TestFolder;

beforeEach(async () => {
  database = await createScratchDatabase();
  folder = await createTestFolder(sampleFiles);
});
afterEach(async () => {
  await folder.close();
  await database.close();
});

const place = () => ({ dir: folder.dir, database: database.client });
const readings = (work: () => Promise<unknown>) => readingsOf(folder.dir, database.client, work);
async function up(options: { dryRun?: boolean } = {}): Promise<{ seen: Awaited<ReturnType<typeof readings>>; result: ApplyResult }> {
  const results: ApplyResult[] = [];
  const seen = await readings(async () => results.push(await applyMigrations({ ...place(), ...options })));
  const result = results[0];
  if (result === undefined) throw new Error('nothing was applied');
  return { seen, result };
}

test('a run reads folder, signatures and journal once, whatever it finds to do', async () => {
  const first = await up();
  expect(first.result.applied.map((entry) => entry.name)).toEqual(names);
  // A new database has no rows to read.
  expect(first.seen).toEqual({ ...once, rows: 0 });
  const again = await up();
  expect([again.result.applied, again.seen]).toEqual([[], once]);
  await folder.write('0007_more.sql', 'alter table posts add column more text;\n');
  await folder.sign();
  const dry = await up({ dryRun: true });
  expect([dry.result.applied.length, dry.seen]).toEqual([1, once]);
  const more = await up();
  expect([more.result.applied.length, more.seen]).toEqual([1, once]);
});

test('a run that recovers, adopts and applies still reads once, and what it recorded is what a new reading finds', async () => {
  await folder.write('0007_index.sql', '-- sanctum: no-transaction\ncreate index concurrently idx_posts_title on posts (title);\n');
  await folder.write('0008_kind_index.sql', '-- sanctum: no-transaction\ncreate index concurrently idx_posts_kind on posts (kind);\n');
  await folder.sign();
  await applyMigrations(place());
  // As runners leave it that died: one whose index is there and not recorded, one whose index was never begun.
  await database.client.query(`update schema_migrations set state = 'running', applied_at = null where number >= 7`);
  await database.client.query('drop index idx_posts_kind');
  await folder.write('0003_title.sql', `-- A licence header.\n${sampleFiles['0003_title.sql']}`);
  await folder.write('0009_more.sql', 'alter table posts add column more text;\n');
  await signMigrations({ dir: folder.dir, cosmetic: true });
  const { seen, result } = await up();
  expect(seen).toEqual(once);
  expect(result.recovered.map((entry) => entry.name)).toEqual(['0007_index.sql', '0008_kind_index.sql']);
  expect(result.adopted).toEqual(['0003_title.sql']);
  expect(result.applied.map((entry) => entry.name)).toEqual(['0008_kind_index.sql', '0009_more.sql']);
  expect(result.head?.name).toBe('0009_more.sql');
  // The chain of hashes holds through all three.
  const verified = await verifyMigrations(place());
  expect([verified.findings, verified.pending, verified.head?.name]).toEqual([[], [], '0009_more.sql']);
});

test('every command of migrations reads each of them once', async () => {
  await folder.write('0007_more.sql', 'alter table posts add column more text;\n');
  await folder.write('0007_more.down.sql', 'alter table posts drop column more;\n');
  await folder.sign();
  await applyMigrations(place());
  expect(await readings(() => verifyMigrations(place()))).toEqual(once);
  expect(await readings(() => migrationStatus(place()))).toEqual(once);
  expect(await readings(() => planMigrations(place()))).toEqual(once);
  expect(await readings(() => signMigrations({ dir: folder.dir, databases: [database.client] }))).toEqual(once);
  expect(await readings(() => downMigration({ ...place(), number: 7 }))).toEqual(once);
});

test('a plan names what a run would refuse', async () => {
  await applyMigrations(place());
  expect((await planMigrations(place())).blocking).toEqual([]);
  await folder.write('0003_title.sql', 'alter table posts add column title text;\n');
  expect((await planMigrations(place())).blocking.map((entry) => entry.code)).toEqual(['changed-statement']);
});
