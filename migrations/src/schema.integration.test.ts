import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestFolder } from '../test/folder.ts';
import { createScratchDatabase } from '../test/scratch.ts';
import type { ScratchDatabase } from '../test/scratch.ts';
import { applyMigrations } from './apply.ts';
import { compareSchema, dumpSchema } from './schema-dump.ts';
import { verifyMigrations } from './verify.ts';

let database: ScratchDatabase;

beforeAll(async () => {
  database = await createScratchDatabase();
  const { applied } = await applyMigrations({ database: database.url });
  expect(applied.length).toBeGreaterThan(5);
});
afterAll(() => database.close());

test('the committed migrations verify without a finding after they are applied', async () => {
  const { findings, examined } = await verifyMigrations({ database: database.url });
  expect(examined.journal).toBeGreaterThan(5);
  expect(findings).toEqual([]);
});

test('one conversation per sanctum: its foreign key and its unique index exist', async () => {
  const { rows: keys } = await database.client.query(
    `select contype::text as type, conrelid::regclass::text as on_table, confrelid::regclass::text as target, convalidated as valid
     from pg_constraint where conname = 'fk_conversations_sanctum'`,
  );
  expect(keys).toEqual([{ type: 'f', on_table: 'conversations', target: 'sanctums', valid: true }]);
  const { rows: indexes } = await database.client.query(
    `select indrelid::regclass::text as on_table, indisunique as is_unique, indisvalid as is_valid
     from pg_index where indexrelid = to_regclass('idx_conversations_sanctum_id_unique')`,
  );
  expect(indexes).toEqual([{ on_table: 'conversations', is_unique: true, is_valid: true }]);
});

test('migrations/schema.sql is the schema that the migrations make', async () => {
  await expect(await dumpSchema({ database: database.url })).toMatchFileSnapshot('../schema.sql');
});

test('a change by hand shows in a comparison, with its line', async () => {
  const folder = await createTestFolder({}, { sign: false });
  const compare = () => compareSchema({ database: database.url, dir: folder.dir });
  expect(await compare()).toMatchObject({ equal: false, unreadable: 'ENOENT' });
  await writeFile(join(folder.dir, 'schema.sql'), await dumpSchema({ database: database.url }));
  expect(await compare()).toMatchObject({ equal: true, unreadable: null });
  await database.client.query('alter table posts add column by_hand text');
  const changed = await compare();
  await database.client.query('alter table posts drop column by_hand');
  expect(changed.equal).toBe(false);
  expect(changed.live).toContain('by_hand');
  expect(changed.line).toBeGreaterThan(1);
  await folder.close();
});

test('rows whose HTML is longer than this release allows are shown as they were written', async () => {
  const old = await createScratchDatabase();
  const folder = await createTestFolder({}, { sign: false });
  const sql = join(import.meta.dirname, '../sql');
  const names = (await readdir(sql)).filter((name) => name.endsWith('.sql')).toSorted();
  for (const name of names.filter((file) => file < '0016')) await folder.write(name, await readFile(join(sql, name), 'utf8'));
  await folder.sign();
  await applyMigrations({ database: old.url, dir: folder.dir });
  await old.client.query(`
    insert into users (username, display_name, email, password_hash) values ('anna', 'Anna', 'a@example.org', 'x');
    insert into sanctums (name, title, owner_id) values ('wood', 'Wood', 1);
    insert into posts (sanctum_id, author_id, kind, title, body, body_html)
      values (1, 1, 'text', 'long', 'a < b & c', repeat('<br>', 100000)), (1, 1, 'text', 'short', 'x', '<p>x</p>');`);
  for (const name of names.filter((file) => file >= '0016')) await folder.write(name, await readFile(join(sql, name), 'utf8'));
  await folder.sign();
  await applyMigrations({ database: old.url, dir: folder.dir });
  const { rows } = await old.client.query('select body_html from posts order by id');
  expect(rows.map((row) => row.body_html)).toEqual(['<p>a &lt; b &amp; c</p>', '<p>x</p>']);
  await folder.close();
  await old.close();
});

test('a dump, run as SQL, makes a schema with the same dump', async () => {
  const dump = await dumpSchema({ database: database.url });
  const copy = await createScratchDatabase();
  await copy.client.query(dump);
  const again = await dumpSchema({ database: copy.url });
  await copy.close();
  expect(dump.length).toBeGreaterThan(1000);
  expect(again).toBe(dump);
});

test('each kind of object appears in the dump and comes back from it', async () => {
  const copy = await createScratchDatabase();
  await copy.client.query(`
    create type mood as enum ('low', 'it''s fine');
    create domain short as text not null default 'x' constraint short_length check (length(value) < 9);
    create sequence tickets start 5 increment 2;
    create table parts (id bigint, at date not null, n numeric(10,2) default 1.5, m mood, s short, c text collate "C",
      t text generated always as (c || '!') stored, primary key (id, at)) partition by range (at);
    create table parts_2026 partition of parts for values from ('2026-01-01') to ('2027-01-01');
    create table other (id bigint generated by default as identity primary key, at date, p bigint) with (fillfactor = 90);
    alter table other add constraint fk_other_parts foreign key (p, at) references parts (id, at) on delete cascade not valid;
    create index idx_other_at on other (at desc nulls last) where p is not null;
    create function hello(name text default 'x') returns text language plpgsql immutable as $$ begin return 'hi ' || name; end $$;
    create function stamp() returns trigger language plpgsql as $$ begin return new; end $$;
    create trigger other_stamp before insert on other for each row execute function stamp();
    create view recent as select id, at from other where at > '2026-01-01';
    alter table other enable row level security;
    create policy mine on other for select using (p = 1);
    comment on table other is 'the other''s';
    comment on column other.p is 'a part';`);
  const dump = await dumpSchema({ database: copy.url });
  for (const part of [
    'mood',
    'short',
    'tickets',
    'partition by',
    'attach partition',
    'fk_other_parts',
    'NOT VALID',
    'idx_other_at',
    'hello',
    'other_stamp',
    'recent',
    'mine',
    "other''s",
    'fillfactor',
  ]) {
    expect(dump).toContain(part);
  }
  const second = await createScratchDatabase();
  await second.client.query(dump);
  expect(await dumpSchema({ database: second.url })).toBe(dump);
  await second.close();
  await copy.close();
});
