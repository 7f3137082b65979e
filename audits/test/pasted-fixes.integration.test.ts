/** Every fix of every PostgreSQL check, pasted for subjects with every hostile name: no error, no side effect, and the finding is gone. */
import { isPrintable } from '@sanctum/migrations/printable';
import { literal, quoteIdentifier } from '@sanctum/migrations/sql-text';
import type pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import type { Check, Finding } from '../src/check.ts';
import { listCheckIds, loadChecks } from '../src/registry.ts';
import { snapshotOf, type CatalogueSnapshot } from './catalogue-snapshot.ts';
import { plantedFaults } from './corpus/planted-faults.ts';
import { casesOf } from './corpus/shapes.ts';
import { hostileNames } from './hostile-names.ts';
import { plantedDatabase, statementsOf } from './planted-database.ts';

const database = plantedDatabase({ empty: true });
const schemas = ['One; drop table victims; --', 'two\n"schema"'];
const id = quoteIdentifier;

/** Which checks look at something that these subjects are: the others judge sessions, files or our own model. */
const walked = [
  'postgres/constraint-not-valid',
  'postgres/duplicate-index',
  'postgres/invalid-index',
  'postgres/key-type-mismatch',
  'postgres/narrow-key-near-end',
  'postgres/no-primary-key',
  'postgres/sequence-near-end',
  'postgres/unindexed-foreign-key',
];
const notWalked = [
  'postgres/lock-convoy',
  'postgres/log-shows-values',
  'postgres/long-transaction',
  'postgres/missing-constraint',
  'postgres/sql-outside-catalogue',
  'postgres/unindexed-query',
];

/** Subjects of one name in one schema: `n` is the name, `o` an ordinary one that nothing else has. */
function subjects(schema: string, name: string, at: number): string[] {
  const n = id(name);
  const kind = (part: string) => id(`${part} ${schema}`);
  const s = {
    tables: kind('t'),
    parts: kind('p'),
    leaves: kind('l'),
    family: kind('f'),
    heirs: kind('h'),
    indexes: kind('i'),
    sequences: kind('s'),
    keys: kind('k'),
  };
  const o = `o${at}`;
  const sequence = literal(`${`"s ${schema.replaceAll('"', '""')}"`}."${name.replaceAll('"', '""')}"`).text;
  return [
    `create table ${s.tables}.${n} (${n} int references base, c int); insert into ${s.tables}.${n} values (1, 1)`,
    `alter table ${s.tables}.${n} add constraint ${n} check (c > 0) not valid`,
    `create domain ${s.keys}.${n} as int; alter domain ${s.keys}.${n} add constraint ${n} check (value > 0) not valid`,
    `create table ${s.parts}.${n} (${n} int references base, c int) partition by range (c)`,
    `create table ${s.leaves}.${n} partition of ${s.parts}.${n} for values from (0) to (10); create table ${s.leaves}.${o} partition of ${s.parts}.${n} default`,
    `insert into ${s.parts}.${n} values (1, 1), (1, 20)`,
    `create index ${o}_kept on ${s.parts}.${n} (${n}, c); create index ${o}_short on ${s.parts}.${n} (${n}) where c > 1; create index ${id(`${o}_twin`)} on ${s.parts}.${n} (${n}) where c > 1`,
    `create index ${o}_only on only ${s.parts}.${n} (lower(${n}::text))`,
    `create table ${s.family}.${n} (a int); create table ${s.heirs}.${n} (b int) inherits (${s.family}.${n}); insert into ${s.heirs}.${n} values (1, 2)`,
    `create table ${s.indexes}.${o} (id int primary key, ${n} text, e int)`,
    `create index ${o}_first on ${s.indexes}.${o} (lower(${n}), e); create index ${n} on ${s.indexes}.${o} (lower(${n}), e)`,
    `create unique index ${o}_broken on ${s.indexes}.${o} (e); update pg_index set indisvalid = false where indexrelid = (select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relname = '${o}_broken' and n.nspname = ${literal(`i ${schema}`).text})`,
    `create sequence ${s.sequences}.${n}; create table ${s.sequences}.${o} (${n} int primary key default nextval(${sequence})); select setval(${sequence}, 2000000000)`,
    `create table ${s.keys}.${o} (${n} smallint primary key references base_wide, d int unique); insert into ${s.keys}.${o} values (1, 2000000000)`,
  ];
}

let client: pg.Client;
let planted = 0;

beforeAll(async () => {
  client = await database.connect('snapshots');
  await database.sql(
    'create table base (id int primary key)',
    'create table base_wide (id bigint primary key)',
    'insert into base values (1)',
    'insert into base_wide values (1)',
    'create table victims (id int primary key)',
    'insert into victims values (1), (2), (3)',
  );
  for (const schema of schemas) {
    for (const part of ['t', 'p', 'l', 'f', 'h', 'i', 's', 'k']) await database.sql(`create schema ${id(`${part} ${schema}`)}`);
    for (const [at, name] of hostileNames.entries()) {
      await database.sql(...subjects(schema, name, at));
      planted += 1;
    }
  }
  for (const { schema, statements } of casesOf('fault', plantedFaults)) {
    await database.sql(`create schema ${schema}`, `set search_path = ${schema}, public`, ...statements, 'reset search_path');
  }
}, 240_000);

test('there are enough names, and every check on tables and indexes is walked', async () => {
  expect(new Set(hostileNames).size).toBeGreaterThanOrEqual(30);
  expect(planted).toBe(hostileNames.length * 2);
  expect([...walked, ...notWalked].toSorted()).toEqual((await listCheckIds()).filter((one) => one.startsWith('postgres/')));
});

test.each(walked)('the fixes of %s can be pasted, do what they promise and nothing else', { timeout: 240_000 }, async (checkId) => {
  const [check] = (await loadChecks({ ids: [checkId] })) as [Check];
  const { findings } = await database.look(check);
  expect(findings.length).toBeGreaterThanOrEqual(hostileNames.length * 2);
  const before = await snapshotOf(client);
  const failures: string[] = [];
  for (const finding of findings) {
    for (const line of finding.fix.split('\n')) if (!isPrintable(line)) failures.push(`hidden: ${JSON.stringify(finding.fix)}`);
    await database.paste(finding.fix).catch((error: Error) => failures.push(`${error.message}: ${finding.fix}`));
  }
  const after = await snapshotOf(client);
  expect(failures).toEqual([]);
  await expectPromised(checkId, findings, before, after);
  const byHand = await noted(findings);
  const left = (await database.look(check)).findings.filter((finding) => !byHand.has(finding.fingerprint));
  console.log(`${checkId}: ${findings.length} fixes pasted, ${byHand.size} of them say what a person has to do`);
  expect(left.map((finding) => [finding.subject, finding.fix])).toEqual([]);
});

/** Findings whose fix is words alone. */
async function noted(findings: readonly Finding[]): Promise<Set<string>> {
  const prints = new Set<string>();
  for (const finding of findings) if ((await statementsOf(finding.fix)).length === 0) prints.add(finding.fingerprint);
  return prints;
}

const makesIndexes = new Set(['postgres/unindexed-foreign-key', 'postgres/invalid-index', 'postgres/no-primary-key']);

async function expectPromised(
  checkId: string,
  findings: readonly Finding[],
  before: CatalogueSnapshot,
  after: CatalogueSnapshot,
): Promise<void> {
  const gone = [...before.relations].filter((one) => !after.relations.has(one));
  const dropped = checkId === 'postgres/duplicate-index' ? findings.length : 0;
  // With the index of a partitioned table those of its partitions go.
  if (dropped === 0) expect(gone).toEqual([]);
  else {
    expect(gone.length).toBeGreaterThanOrEqual(dropped);
    expect(gone.filter((one) => !/^\["[iI]"/.test(one))).toEqual([]);
  }
  const made = [...after.relations].filter((one) => !before.relations.has(one));
  expect(made.filter((one) => !/^\["[iIS]"/.test(one))).toEqual([]);
  if (!makesIndexes.has(checkId)) expect(made).toEqual([]);
  expect([...before.columns].filter((one) => !after.columns.has(one))).toEqual([]);
  if (checkId !== 'postgres/no-primary-key') expect(after.columns).toEqual(before.columns);
  expect([...before.constraints].filter((one) => !after.constraints.has(one))).toEqual([]);
  expect(after.rows).toEqual(before.rows);
  expect(after.rows.get('["public", "victims"]')).toBe(3);
}
