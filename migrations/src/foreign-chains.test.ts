import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { lintMigrations } from './lint.ts';
import { signMigrations } from './sign.ts';
import { verifyFiles } from './verify-files.ts';

let dir = '';
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const table = 'create table posts (id bigint primary key, title varchar(20));\n';
const wider = 'alter table posts alter column title type varchar(40);\n';
const index = 'create index concurrently posts_title on posts (title);\n';
const drop = 'drop table posts;\n';

/** Folders as other tools write them; the last migration is the dangerous one. */
const chains: readonly [tool: string, files: Readonly<Record<string, string>>, order: readonly string[]][] = [
  [
    'Flyway',
    {
      'V1__posts.sql': table,
      'V1.1__wider.sql': wider,
      'V2__index.sql': index,
      'V10__drop.sql': drop,
      'U1__posts.sql': drop,
      'R__view.sql': 'create or replace view v as select 1;\n',
    },
    ['V1__posts.sql', 'V1.1__wider.sql', 'V2__index.sql', 'V10__drop.sql', 'R__view.sql'],
  ],
  [
    'golang-migrate',
    {
      '1_posts.up.sql': table,
      '1_posts.down.sql': drop,
      '2_wider.up.sql': wider,
      '2_wider.down.sql': 'select 1;\n',
      '10_drop.up.sql': drop,
      '3_index.up.sql': index,
    },
    ['1_posts.up.sql', '2_wider.up.sql', '3_index.up.sql', '10_drop.up.sql'],
  ],
  [
    'dbmate',
    {
      '20240101120000_posts.sql': `-- migrate:up\n${table}\n-- migrate:down\n${drop}`,
      '20240102120000_wider.sql': `-- migrate:up\n${wider}\n-- migrate:down\n`,
      '20240103120000_index.sql': `-- migrate:up transaction:false\n${index}-- migrate:down\ndrop index posts_title;\n`,
      '20240104120000_drop.sql': `-- migrate:up\n${drop}-- migrate:down\n${table}`,
    },
    ['20240101120000_posts.sql', '20240102120000_wider.sql', '20240103120000_index.sql', '20240104120000_drop.sql'],
  ],
  [
    'goose',
    {
      '00001_Posts.sql': `-- +goose Up\n${table}-- +goose Down\n${drop}`,
      '00002_wider.sql': `-- +goose Up\n${wider}`,
      '00003_index.sql': `-- +goose NO TRANSACTION\n-- +goose Up\n${index}`,
      '00004_drop.sql': `-- +goose Up\n${drop}-- +goose Down\n${table}`,
    },
    ['00001_Posts.sql', '00002_wider.sql', '00003_index.sql', '00004_drop.sql'],
  ],
  [
    'plain files with dates',
    { '2024-01-01-posts.sql': table, '2024-01-02-wider.sql': wider, '2024-01-10-drop.sql': drop, '2024-01-03-index.sql': index },
    ['2024-01-01-posts.sql', '2024-01-02-wider.sql', '2024-01-03-index.sql', '2024-01-10-drop.sql'],
  ],
];

function write(files: Readonly<Record<string, string>>): string {
  dir = mkdtempSync(join(tmpdir(), 'sanctum-foreign-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return dir;
}

test.each(chains)('a chain of %s is read in its own order, linted, signed and verified', async (_tool, files, order) => {
  const place = { dir: write({ ...files, 'README.md': '# Migrations\n' }), foreign: true };
  expect((await verifyFiles(place.dir, place)).findings.map((entry) => entry.code)).toEqual(['checksums-missing']);

  const lint = await lintMigrations(place);
  expect(lint.notLooked).toEqual([]);
  expect(lint.examined.files).toBe(order.length);
  const serious = lint.findings.filter((entry) => entry.severity !== 'low');
  expect(serious.map((entry) => entry.rule)).toEqual(['drop-table']);
  expect(serious[0]?.file).toContain('drop');
  const lines = (files[serious[0]?.file ?? ''] ?? '').split('\n');
  expect(lines[(serious[0]?.line ?? 0) - 1]).toBe(drop.trim());

  expect(await signMigrations(place)).toMatchObject({ added: order, total: order.length });
  expect((await verifyFiles(place.dir, place)).findings).toEqual([]);

  const [first = ''] = order;
  writeFileSync(join(place.dir, first), (files[first] ?? '').replace('varchar(20)', 'varchar(30)'));
  const { findings } = await verifyFiles(place.dir, place);
  expect(findings).toMatchObject([{ code: 'changed-statement', file: first, blocking: true }]);
  expect(findings[0]?.fix).toContain(`${place.dir}/`);
});

test('a structure dump of Rails is one file that is linted and signed', async () => {
  const place = {
    dir: write({ 'structure.sql': `set statement_timeout = 0;\n${table}\\restrict x\n`.replace('\\restrict x\n', '') }),
    foreign: true,
  };
  expect((await lintMigrations(place)).examined).toMatchObject({ files: 1, statements: 2 });
  expect(await signMigrations(place)).toMatchObject({ added: ['structure.sql'] });
});

test('names that could not stand in a command are findings and never read', async () => {
  const place = {
    dir: write({ '1_a.sql': table, '2_$(touch x).sql': drop, "3_'; rm -rf x; '.sql": drop, '4_\u001b[31m.sql': drop, '5_a\nb.sql': drop }),
    foreign: true,
  };
  const { findings } = await verifyFiles(place.dir, place);
  expect(findings.filter((entry) => entry.code === 'bad-name')).toHaveLength(4);
  for (const entry of findings) for (const word of ['touch', 'rm -rf', '\u001b']) expect(entry.fix).not.toContain(word);
});

test('the runner takes no chain of another tool', async () => {
  const place = write({ 'V1__posts.sql': table });
  expect((await verifyFiles(place)).findings.map((entry) => entry.code)).toContain('folder-unreadable');
});
