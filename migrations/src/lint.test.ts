import { afterEach, expect, test } from 'vitest';
import { createTestFolder } from '../test/folder.ts';
import type { TestFolder } from '../test/folder.ts';
import { lintMigrations } from './lint.ts';
import type { LintFinding } from './lint.ts';

const base = 'create table posts (id bigint generated always as identity primary key, title text);\n';
let folder: TestFolder | null = null;
afterEach(async () => {
  await folder?.close();
  folder = null;
});

async function lint(sql: string): Promise<readonly LintFinding[]> {
  folder = await createTestFolder({ '0001_base.sql': base, '0002_change.sql': sql }, { sign: false });
  const result = await lintMigrations({ dir: folder.dir });
  expect(result.examined.files).toBe(2);
  expect(result.examined.statements).toBeGreaterThan(1);
  expect(result.notLooked).toEqual([]);
  await folder.close();
  expect(result.findings.filter((entry) => entry.file === '0001_base.sql')).toEqual([]);
  return result.findings;
}

const rulesOf = (findings: readonly LintFinding[]): string[] => findings.map((entry) => entry.rule);

/** A planted fault and its near miss, which must stay silent for that rule. */
const cases: readonly [rule: string, fault: string, nearMiss: string][] = [
  ['drop-table', 'drop table posts;', 'create table a (id bigint primary key); drop table a;'],
  ['drop-column', 'alter table posts drop column title;', 'alter table posts alter column title drop default;'],
  ['drop-schema', 'drop schema old;', 'create schema old;'],
  ['drop-cascade', 'drop view recent cascade;', 'drop view recent;'],
  ['truncate', 'truncate posts;', "select 'truncate posts';"],
  ['delete-without-where', 'delete from posts;', 'delete from posts where id = 1;'],
  [
    'delete-without-where',
    'with gone as (delete from posts returning id) select 1;',
    'with gone as (delete from posts where id = 1 returning id) select 1;',
  ],
  ['update-without-where', "update posts set title = '';", "update posts set title = '' where title is null;"],
  ['truncate', 'do $$ begin truncate posts; end $$;', "do $$ begin raise notice 'truncate posts'; end $$;"],
  ['truncate', "do $$ begin execute 'truncate posts'; end $$;", "do $$ begin execute 'select 1'; end $$;"],
  ['unseen-statement', "do $$ begin execute 'drop ' || 'table posts'; end $$;", "do $$ begin execute 'select 1'; end $$;"],
  [
    'delete-without-where',
    'create function f() returns void language sql as $$ delete from posts; $$;',
    'create function f() returns void language sql as $$ delete from posts where id = 1; $$;',
  ],
  [
    'expand-that-breaks',
    '-- sanctum: expand\nalter table posts drop column title;',
    '-- sanctum: expand\nalter table posts add column mood text;',
  ],
  [
    'expand-that-breaks',
    '-- sanctum: expand\nalter table posts rename title to name;',
    '-- sanctum: contract\nalter table posts rename title to name;',
  ],
  [
    'needs-no-transaction',
    'create index concurrently i on posts (title);',
    '-- sanctum: no-transaction\ncreate index concurrently i on posts (title);',
  ],
  [
    'unnamed-concurrent-index',
    '-- sanctum: no-transaction\ncreate index concurrently on posts (title);',
    '-- sanctum: no-transaction\ncreate index concurrently i on posts (title);',
  ],
  [
    'if-not-exists-hides-invalid-index',
    '-- sanctum: no-transaction\ncreate index concurrently if not exists i on posts (title);',
    '-- sanctum: no-transaction\ncreate index concurrently i on posts (title);',
  ],
  [
    'several-statements-without-transaction',
    '-- sanctum: no-transaction\ncreate index concurrently i on posts (title);\nselect 1;',
    '-- sanctum: no-transaction\ncreate index concurrently i on posts (title);',
  ],
  [
    'require-concurrent-index-creation',
    'create index i on posts (title);',
    'create table a (id bigint primary key, b text); create index i on a (b);',
  ],
  ['require-concurrent-index-creation', 'do $$ begin create index i on posts (title); end $$;', 'do $$ begin perform 1; end $$;'],
  [
    'adding-foreign-key-constraint',
    'alter table posts add constraint fk_posts_up foreign key (id) references posts (id);',
    'alter table posts add constraint fk_posts_up foreign key (id) references posts (id) not valid;',
  ],
  ['adding-not-nullable-field', 'alter table posts alter column title set not null;', 'alter table posts alter column title drop default;'],
  [
    'adding-required-field',
    'alter table posts add column kind text not null;',
    "alter table posts add column kind text not null default 'text';",
  ],
  [
    'exclusion-constraint-on-existing-table',
    'alter table posts add constraint e exclude using gist (title with =);',
    'create table a (t text, constraint e exclude using gist (t with =));',
  ],
  [
    'stored-generated-column-on-existing-table',
    "alter table posts add column t text generated always as (title || '') stored;",
    "create table a (x text, t text generated always as (x || '') stored);",
  ],
  ['disabled-trigger', 'alter table posts disable trigger all;', 'alter table posts enable trigger all;'],
  ['blocking-maintenance', 'refresh materialized view popular;', 'create view popular as select 1;'],
  ['small-key', 'create table a (id integer primary key);', 'create table a (id bigint primary key, amount integer not null);'],
  ['json-column', 'create table a (id bigint primary key, j json);', 'create table a (id bigint primary key, j jsonb);'],
  ['session-setting', "set work_mem = '1GB';", "set local work_mem = '1GB';"],
  ['transaction-control', 'begin; select 1; commit;', 'select 1;'],
  ['lock-in-do-block', 'do $$ begin alter table posts add column x text; end $$;', 'do $$ begin perform 1; end $$;'],
  [
    'work-under-lock',
    "alter table posts add column x text; update posts set x = 'a' where id < 10;",
    "update posts set title = 'a' where id < 10;",
  ],
  [
    'wide-lock-window',
    'alter table posts add column x text; alter table people add column x text;',
    'alter table posts add column x text; alter table posts add column y text;',
  ],
  ['long-lock-timeout', '-- sanctum: lock-timeout 5min\nselect 1;', '-- sanctum: lock-timeout 5s\nselect 1;'],
  ['unknown-directive', '-- sanctum: no-transactions\nselect 1;', '-- sanctum: statement-timeout 30s\nselect 1;'],
  ['syntax-error', 'create tabel x ();', 'create table x (id bigint primary key);'],
];

test.each(cases)('%s finds its fault and leaves the near miss alone: %s', async (rule, fault, nearMiss) => {
  const found = (await lint(`${fault}\n`)).find((entry) => entry.rule === rule);
  expect(found).toBeDefined();
  expect(found?.line).toBeGreaterThan(0);
  expect(found?.fix).not.toBe('');
  expect(rulesOf(await lint(`${nearMiss}\n`))).not.toContain(rule);
});

test('a statement that does not parse hides no other finding', async () => {
  const before = 'drop table a;\ncreate index i on posts (title);\n';
  const after = 'alter table posts add column n text not null;\n\ntruncate posts;\n';
  const clean = await lint(`${before}select 1;\n${after}`);
  const broken = await lint(`${before}create tabel x (id int\n${after}`.replace('int\n', 'int;\n'));
  const findings = (list: readonly LintFinding[]): string[] =>
    list.filter((entry) => entry.rule !== 'syntax-error').map((entry) => `${entry.rule}:${entry.line}`);
  expect(findings(clean).length).toBeGreaterThanOrEqual(4);
  expect(findings(broken)).toEqual(findings(clean));
  expect(broken.filter((entry) => entry.rule === 'syntax-error').map((entry) => entry.line)).toEqual([3]);
});

test('a quote that is never closed hides no other finding', async () => {
  const rules = rulesOf(await lint("drop table a;\nselect 'open;\ntruncate posts;\nalter table posts add column n text not null;\n"));
  expect(rules).toEqual(expect.arrayContaining(['drop-table', 'syntax-error', 'truncate', 'adding-required-field']));
});

test('lines are counted from 1 and survive text that is not ASCII', async () => {
  const found = await lint("-- été ✓\nselect 'é';\n\ntruncate posts;\ncreate index i on posts (title);\n");
  expect(found.find((entry) => entry.rule === 'truncate')?.line).toBe(4);
  expect(found.find((entry) => entry.rule === 'require-concurrent-index-creation')?.line).toBe(5);
});

test('a fingerprint survives moved lines, comments and layout, and differs between equal statements', async () => {
  const first = await lint('drop table a;\ndrop table a;\ncreate index i on posts (title);\n');
  const moved = await lint('-- moved\n\n\ndrop  table a; -- why\n\ndrop table a;\n\ncreate index i\n  on posts (title);\n');
  expect(first.length).toBeGreaterThanOrEqual(3);
  expect(moved.map((entry) => entry.fingerprint)).toEqual(first.map((entry) => entry.fingerprint));
  expect(new Set(first.map((entry) => entry.fingerprint)).size).toBe(first.length);
});

test('an ignore comment in the file does not silence a finding', async () => {
  expect(rulesOf(await lint('-- squawk-ignore require-concurrent-index-creation\ncreate index i on posts (title);\n'))).toContain(
    'require-concurrent-index-creation',
  );
});

test('the fix is the statement as it should have been written', async () => {
  const [index] = await lint('create index i on posts (title);\n');
  expect(index?.fix).toContain('create index concurrently i on posts (title);');
  const key = (await lint('alter table posts add constraint fk_posts_up foreign key (id) references posts (id);\n')).find(
    (entry) => entry.rule === 'adding-foreign-key-constraint',
  );
  expect(key?.fix).toContain('alter table posts validate constraint fk_posts_up;');
});

test('a named file that does not exist and a file that is not text are reported as not looked at', async () => {
  folder = await createTestFolder({ '0001_base.sql': base }, { sign: false });
  await folder.write('0002_latin.sql', Buffer.from([0x2d, 0x2d, 0xe9, 0x0a]));
  const result = await lintMigrations({ dir: folder.dir });
  expect(result.notLooked).toHaveLength(1);
  expect((await lintMigrations({ dir: folder.dir, files: ['0009_gone.sql'] })).notLooked.join()).toContain('0009_gone.sql');
});

test('once one file says what it keeps working, every later one has to; the ones before are left alone', async () => {
  const files = { '0001_base.sql': base, '0002_mood.sql': '-- sanctum: expand\nalter table posts add column mood text;\n' };
  const later = {
    '0003_title.sql': 'alter table posts rename title to name;\n',
    '0004_note.sql': '-- sanctum: contract 0003\nselect 1;\n',
  };
  folder = await createTestFolder({ ...files, ...later }, { sign: false });
  const found = (await lintMigrations({ dir: folder.dir })).findings.filter(({ rule }) => rule === 'undeclared-compatibility');
  expect(found).toMatchObject([{ file: '0003_title.sql', severity: 'medium' }]);
  expect(found[0]?.fix).toContain('-- sanctum: contract 0003');
});

test('a chain in which no file says it is not asked to', async () => {
  expect(rulesOf(await lint('alter table posts rename title to name;'))).not.toContain('undeclared-compatibility');
});

test('dropping not null is a question to who says nothing of running releases, and answered by who says they keep working', async () => {
  const change = 'alter table posts alter column title drop not null;\n';
  expect(rulesOf(await lint(change))).toContain('ban-drop-not-null');
  expect(rulesOf(await lint(`-- sanctum: expand\n${change}`))).toEqual([]);
});
