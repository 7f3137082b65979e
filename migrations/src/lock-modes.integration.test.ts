/**
 * The ledger says what PostgreSQL does: every form of statement is run on a real server and its locks are read from
 * `pg_locks`, so that the two cannot part.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { corpusBase } from '../test/corpus.ts';
import { createScratchDatabase, until } from '../test/scratch.ts';
import type { ScratchDatabase } from '../test/scratch.ts';
import { locksOf } from './lock-modes.ts';
import { plainName } from './nodes.ts';
import { loadParser } from './parser.ts';

let database: ScratchDatabase;
const parser = await loadParser();

beforeAll(async () => {
  database = await createScratchDatabase();
  await database.client.query(corpusBase);
  await database.client.query(`
    create index posts_kind_index on posts (kind);
    create rule posts_rule as on delete to tags do also select 1;
    create table parts (id bigint) partition by list (id);
    create index parts_id on parts (id);
    create publication some_tables for table tags;
    alter table posts add constraint posts_views_later check (views >= 0) not valid;
    create unique index tags_label on tags (label);
    create table child (id bigint not null, label text not null);
  `);
});
afterAll(() => database.close());

/** Statements in the transaction of a migration. `returning` a lock of every relation that existed before. */
const forms: readonly string[] = [
  'select * from posts',
  'select * from posts for update',
  'select * from posts p join tags t on t.id = p.id for share of p',
  'select (select count(*) from tags) from posts where id in (select post_id from post_tags)',
  'with a as (select * from tags) select * from a',
  'insert into tags (id, label) values (1, $$a$$)',
  'insert into tags (id, label) select id, kind from posts',
  'update posts set kind = $$text$$ where id = 1',
  'update posts set kind = t.label from tags t where t.id = posts.id',
  'delete from posts using tags where tags.id = posts.id',
  'with gone as (delete from legacy where id = 1 returning id) select * from gone, tags',
  'merge into post_tags using child on child.id = post_tags.tag_id when matched then delete',
  'truncate legacy',
  'truncate legacy, tags',
  ...[
    'access share',
    'row share',
    'row exclusive',
    'share update exclusive',
    'share',
    'share row exclusive',
    'exclusive',
    'access exclusive',
  ].map((mode) => `lock table posts in ${mode} mode`),
  'lock table posts',
  'create index posts_new on posts (title)',
  'create unique index posts_new on posts (title)',
  'create index parts_new on parts (id)',
  'drop index posts_kind_index',
  'alter index posts_kind_index rename to posts_k',
  'alter index posts_kind_index set (fillfactor = 80)',
  'reindex index posts_kind_index',
  'reindex table posts',
  'analyze posts',
  'cluster posts using posts_kind_index',
  'refresh materialized view totals',
  'refresh materialized view concurrently totals',
  'comment on table posts is $$a$$',
  'comment on column posts.title is $$a$$',
  'comment on column app.accounts.owner is $$a$$',
  'comment on view recent is $$a$$',
  'comment on materialized view totals is $$a$$',
  'comment on index posts_kind_index is $$a$$',
  'comment on constraint posts_kind_known on posts is $$a$$',
  'comment on trigger posts_touch on posts is $$a$$',
  'comment on policy posts_all on posts is $$a$$',
  'comment on rule posts_rule on tags is $$a$$',
  'comment on sequence tickets is $$a$$',
  'comment on type mood is $$a$$',
  'comment on function touch() is $$a$$',
  'create trigger t before insert on posts for each row execute function touch()',
  'create constraint trigger t after insert on posts from tags for each row execute function touch()',
  'drop trigger posts_touch on posts',
  'alter trigger posts_touch on posts rename to t',
  'create policy p on tags using (true)',
  'alter policy posts_all on posts using (false)',
  'drop policy posts_all on posts',
  'create rule r as on delete to posts do instead nothing',
  'drop rule posts_rule on tags',
  'create view v as select * from posts',
  'create or replace view recent as select id, title from posts where id > 1',
  'alter view recent rename to v',
  'alter view recent set (security_barrier = true)',
  'alter view recent alter column title set default $$a$$',
  'drop view recent',
  'drop materialized view totals',
  'create table fresh (id bigint primary key, post_id bigint references posts (id))',
  'create table fresh (like tags including all)',
  'create table fresh () inherits (tags)',
  "create table events_new partition of events for values from ('2030-01-01') to ('2031-01-01')",
  'create table fresh as select * from tags',
  'create materialized view fresh as select * from tags',
  'create sequence fresh owned by tags.id',
  'alter sequence tickets restart with 5',
  'alter sequence tickets increment by 5',
  'drop sequence tickets',
  'drop table legacy',
  'create statistics s on kind, user_id from posts',
  'create publication p for table posts',
  'alter publication some_tables add table posts',
  'alter publication some_tables drop table tags',
  'grant select on posts to public',
  'alter table posts owner to current_user',
  'alter table posts rename to p',
  'alter table posts rename column kind to k',
  'alter table posts rename constraint posts_kind_known to k',
  'alter table legacy set schema app',
  'alter table posts add column a text',
  'alter table posts add column a bigint references tags (id)',
  'alter table posts drop column views',
  'alter table posts alter column views type bigint',
  'alter table posts alter column views set default 1',
  'alter table posts alter column views drop default',
  'alter table posts alter column views drop not null',
  'alter table posts alter column kind set not null',
  'alter table posts alter column kind set statistics 100',
  'alter table posts alter column kind set (n_distinct = 5)',
  'alter table posts alter column kind reset (n_distinct)',
  'alter table posts alter column kind set storage external',
  'alter table posts alter column kind set compression pglz',
  'alter table posts alter column id restart',
  'alter table posts alter column id set generated by default',
  'alter table posts alter column id drop identity',
  'alter table tags alter column id add generated always as identity',
  'alter table posts add constraint c check (views > 0)',
  'alter table posts add constraint c check (views > 0) not valid',
  'alter table posts add constraint c not null kind not valid',
  'alter table posts add constraint c unique (slug)',
  'alter table tags add constraint c unique using index tags_label',
  'alter table post_tags add constraint c primary key (post_id, tag_id)',
  'alter table post_tags add constraint c foreign key (tag_id) references tags (id)',
  'alter table post_tags add constraint c foreign key (tag_id) references tags (id) not valid',
  'alter table posts add constraint c exclude using gist (tstzrange(starts_at, ends_at) with &&)',
  'alter table posts validate constraint posts_views_later',
  'alter table posts drop constraint posts_kind_known',
  'alter table posts alter constraint posts_user_id_fkey deferrable',
  'alter table posts enable trigger posts_touch',
  'alter table posts enable always trigger posts_touch',
  'alter table posts enable replica trigger posts_touch',
  'alter table posts enable trigger user',
  'alter table posts enable trigger all',
  'alter table posts disable trigger posts_touch',
  'alter table posts disable trigger user',
  'alter table posts disable trigger all',
  'alter table tags disable rule posts_rule',
  'alter table tags enable rule posts_rule',
  'alter table posts enable row level security',
  'alter table posts disable row level security',
  'alter table posts force row level security',
  'alter table posts cluster on posts_kind_index',
  'alter table posts set without cluster',
  'alter table posts replica identity full',
  'alter table posts set (fillfactor = 90)',
  'alter table posts reset (fillfactor)',
  'alter table legacy set unlogged',
  'alter table child inherit tags',
  "alter table events attach partition events_2026 for values from ('2026-01-01') to ('2027-01-01')",
  'alter table events detach partition events_2025',
  'alter table posts add column a text, validate constraint posts_views_later',
];

interface Lock {
  readonly relation: string;
  readonly mode: string;
}
interface Relation {
  readonly oid: number;
  readonly name: string;
  readonly kind: string;
}

const relationsOfTest = `
select c.oid::integer as oid, c.oid::regclass::text as name, c.relkind::text as kind
from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'app')`;

/** Modes of one session, weakest first. */
const locksOfSession = `
select l.relation::integer as oid, upper(trim(regexp_replace(replace(l.mode, 'Lock', ''), '([A-Z])', ' \\1', 'g'))) as mode
from pg_locks l
where l.locktype = 'relation' and l.pid = $1 and l.granted = $2
order by array_position(array['AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock',
  'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'], l.mode)`;

/** What the ledger says, in the server's spelling. */
function said(statement: string): Lock[] {
  const parsed = parser.parse(statement);
  if ('error' in parsed) throw new Error(`${statement}: ${parsed.error.message}`);
  return sorted(parsed.statements.flatMap(locksOf).map(({ relation, mode }) => ({ relation: plainName(relation), mode })));
}

/**
 * The server's strongest lock on every relation that the statement names or the ledger knows. Others, which only the
 * catalogue knows (the table of an index, the partitions of a parent), are out of a statement's sight.
 */
async function taken(statement: string, relations: readonly Relation[], session: { pid: number; granted: boolean }): Promise<Lock[]> {
  const { rows } = await database.client.query<{ oid: number; mode: string }>(locksOfSession, [session.pid, session.granted]);
  const strongest = new Map(rows.map((row) => [row.oid, row.mode]));
  const known = new Set(said(statement).map((lock) => lock.relation));
  return sorted(
    relations.flatMap(({ oid, name, kind }) => {
      const mode = strongest.get(oid);
      const isNamed =
        ['r', 'p', 'v', 'm', 'S'].includes(kind) && new RegExp(`(?<![\\w])${name.replace('.', '\\.')}(?![\\w])`).test(statement);
      return mode !== undefined && (isNamed || known.has(name)) ? [{ relation: name, mode }] : [];
    }),
  );
}

function sorted(locks: readonly Lock[]): Lock[] {
  return locks.toSorted((a, b) => (a.relation < b.relation ? -1 : 1));
}

test.each(forms)('the server takes what the ledger says: %s', async (statement) => {
  const { client } = database;
  const { rows: relations } = await client.query<Relation>(relationsOfTest);
  const { rows: self } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  await client.query('begin');
  try {
    await client.query(statement);
    expect(said(statement)).toEqual(await taken(statement, relations, { pid: self[0]?.pid ?? 0, granted: true }));
  } finally {
    await client.query('rollback');
  }
});

/** Statements outside a transaction: another session holds a lock that each of them has to wait for, and the wait shows its mode. */
const alone: readonly string[] = [
  'create index concurrently posts_new on posts (title)',
  'drop index concurrently posts_kind_index',
  'reindex index concurrently posts_kind_index',
  'reindex table concurrently posts',
  'reindex (concurrently) table posts',
  'reindex (concurrently false) table posts',
  'vacuum posts',
  'vacuum (full false, analyze) posts',
  'vacuum full posts',
  'vacuum (full) posts',
  'vacuum (full on) posts',
  'alter table events detach partition events_2025 concurrently',
];

test.each(alone)('the server waits for the lock that the ledger says: %s', async (statement) => {
  const { rows: relations } = await database.client.query<Relation>(relationsOfTest);
  const target = statement.includes('events') ? 'events' : 'posts';
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows: self } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const session = { pid: self[0]?.pid ?? 0, granted: false };
  await database.client.query(`begin; lock table ${target} in exclusive mode`);
  const run = client.query(statement).then(
    () => null,
    (error: unknown) => error,
  );
  try {
    await until(`${statement} waits`, async () => (await database.client.query(locksOfSession, [session.pid, false])).rows.length > 0);
    const { rows } = await database.client.query<{ oid: number; mode: string }>(locksOfSession, [session.pid, false]);
    const waiting = rows.filter(({ oid }) => relations.some((relation) => relation.oid === oid && relation.name === target));
    const ledger = said(statement);
    // The statement stops at its first wait; an index is locked after the table that it belongs to.
    expect(waiting.map((lock) => lock.mode)).toEqual(
      ledger.filter((lock) => lock.relation === target || /index/.test(lock.relation)).map((lock) => lock.mode),
    );
  } finally {
    await database.client.query(`select pg_cancel_backend(${session.pid})`);
    await run;
    await database.client.query('rollback');
    await client.end();
  }
});
