-- case: nullable column
alter table posts add column note text;
-- case: required column with a constant default
alter table posts add column state text not null default 'draft';
-- case: column with the time of the transaction as default
alter table posts add column noted_at timestamptz not null default now();
-- case: column without its default, the default in a second statement
alter table posts add column token uuid;
alter table posts alter column token set default gen_random_uuid();
-- case: nullable column in a mixed-case table
alter table "Orders" add column "shippedAt" timestamptz;
-- case: virtual generated column
alter table posts add column title_length integer generated always as (length(title)) virtual;
-- case: table of a real application
create table invitations (
  id bigint generated always as identity primary key,
  user_id bigint not null references users (id) on delete cascade,
  email text not null check (length(email) <= 320),
  token bytea not null unique,
  expires_at timestamptz not null default now() + interval '7 days',
  created_at timestamptz not null default now()
);
create index invitations_user_id on invitations (user_id);
alter table invitations enable row level security;
create policy invitations_own on invitations using (user_id = 1);
comment on table invitations is 'Who may come in.';
-- case: table with a stored generated column and an exclusion constraint of its own
create extension if not exists btree_gist;
create table bookings (
  id bigint primary key,
  place bigint not null,
  during tstzrange not null,
  starts timestamptz generated always as (lower(during)) stored,
  exclude using gist (place with =, during with &&)
);
-- case: everything done to a table created in the same file
create table fresh (id bigint, name varchar(20), kind text);
alter table fresh add primary key (id);
alter table fresh add constraint fresh_name_unique unique (name);
alter table fresh add constraint fresh_kind check (kind <> '');
alter table fresh alter column name type text;
alter table fresh alter column kind set not null;
create index fresh_kind_index on fresh (kind);
alter table fresh rename column kind to sort;
alter table fresh drop column sort;
insert into fresh values (1, 'one');
update fresh set name = 'two';
-- case: foreign key between two tables of the same file
create table a (id bigint primary key);
create table b (id bigint primary key, a_id bigint);
alter table b add constraint b_a foreign key (a_id) references a (id);
-- case: new table that references an existing one
create table reactions (post_id bigint not null references posts (id), user_id bigint not null references users (id), primary key (post_id, user_id));
-- case: index created concurrently
-- sanctum: no-transaction
create index concurrently posts_kind on posts (kind);
-- case: unique index created concurrently on a mixed-case table
-- sanctum: no-transaction
create unique index concurrently "Orders_note" on "Orders" (note) where note is not null;
-- case: index dropped concurrently
-- sanctum: no-transaction
drop index concurrently if exists posts_user_id;
-- case: index rebuilt concurrently
-- sanctum: no-transaction
reindex index concurrently posts_user_id;
-- case: table reindexed concurrently by option
-- sanctum: no-transaction
reindex (concurrently) table posts;
-- case: unique constraint attached to an index built before
-- sanctum: no-transaction
create unique index concurrently posts_slug_key on posts (slug);
-- next file
alter table posts add constraint posts_slug_key unique using index posts_slug_key;
-- case: primary key attached to an index over required columns
-- sanctum: no-transaction
create unique index concurrently post_tags_key on post_tags (post_id, tag_id);
-- next file
alter table post_tags add constraint post_tags_key primary key using index post_tags_key;
-- case: primary key attached to an index over a column proven required
alter table posts add constraint posts_slug_present check (slug is not null) not valid;
-- next file
alter table posts validate constraint posts_slug_present;
-- next file
alter table posts alter column slug set not null;
alter table posts drop constraint posts_slug_present;
-- next file
-- sanctum: no-transaction
create unique index concurrently posts_slug_unique on posts (slug);
-- next file
alter table posts drop constraint posts_pkey, add constraint posts_pkey primary key using index posts_slug_unique;
-- case: foreign key not valid
alter table post_tags add constraint post_tags_post foreign key (post_id) references posts (id) not valid;
-- case: foreign key not valid, validated in a later file
alter table post_tags add constraint post_tags_post foreign key (post_id) references posts (id) not valid;
-- next file
alter table post_tags validate constraint post_tags_post;
-- case: check not valid, validated later
alter table posts add constraint posts_views_positive check (views >= 0) not valid;
-- next file
alter table posts validate constraint posts_views_positive;
-- case: check replaced by a wider one, validated later
alter table posts drop constraint posts_kind_known;
alter table posts add constraint posts_kind_known check (kind in ('text', 'link', 'image')) not valid;
-- next file
alter table posts validate constraint posts_kind_known;
-- case: not null after its validated check
alter table posts add constraint posts_title_present check (title is not null) not valid;
-- next file
alter table posts validate constraint posts_title_present;
-- next file
alter table posts alter column title set not null;
alter table posts drop constraint posts_title_present;
-- case: not null after a validated check of several columns
alter table posts add constraint posts_both check (title is not null and body is not null) not valid;
-- next file
alter table posts validate constraint posts_both;
-- next file
alter table posts alter column title set not null;
alter table posts alter column body set not null;
-- case: not null in a mixed-case table after its validated check
alter table "Orders" add constraint "Orders_note_present" check (note is not null) not valid;
-- next file
alter table "Orders" validate constraint "Orders_note_present";
-- next file
alter table "Orders" alter column note set not null;
-- case: not null by a qualified name, the check by an unqualified one
alter table posts add constraint posts_title_present check (title is not null) not valid;
-- next file
alter table posts validate constraint posts_title_present;
-- next file
alter table public.posts alter column title set not null;
-- case: not null of a column that is already required
alter table posts alter column user_id set not null;
-- case: not null constraint not valid, validated later, as PostgreSQL 18 can
alter table posts add constraint posts_title_nn not null title not valid;
-- next file
alter table posts validate constraint posts_title_nn;
-- case: not null of a column added empty with a default in an earlier file
alter table posts add column state text default 'draft';
-- next file
alter table posts add constraint posts_state_present check (state is not null) not valid;
-- next file
alter table posts validate constraint posts_state_present;
-- next file
alter table posts alter column state set not null;
-- case: varchar widened
alter table users alter column name type varchar(100);
-- case: varchar widened by a qualified name and set data type
alter table public.users alter column name set data type character varying(255);
-- case: varchar to text
alter table users alter column name type text;
-- case: bounded varchar to unbounded
alter table users alter column name type varchar;
-- case: text to unbounded varchar
alter table posts alter column body type varchar;
-- case: unbounded varchar to text
alter table legacy alter column note type text;
-- case: varchar to text and back to a varchar without bound
alter table users alter column name type text;
-- next file
alter table users alter column name type varchar;
-- case: numeric widened
alter table users alter column score type numeric(14, 2);
-- case: numeric unbounded
alter table users alter column score type numeric;
-- case: numeric widened in a schema of its own
alter table app.accounts alter column balance type numeric(20, 2);
-- case: precision of a time widened
alter table users alter column born type time(6);
-- case: precision of a time dropped
alter table users alter column born type time;
-- case: precision of an interval widened
alter table users alter column waited type interval(6);
-- case: precision of an interval dropped
alter table users alter column waited type interval;
-- case: cidr to inet
alter table users alter column net type inet;
-- case: bit varying widened
alter table users alter column flags type bit varying(16);
-- case: bit varying unbounded
alter table users alter column flags type bit varying;
-- case: timestamptz made what it is
alter table users alter column logged_at type timestamp with time zone;
-- case: timestamp given the precision that it has
alter table users alter column seen_at type timestamp(6);
-- case: the same type by its other name
alter table users alter column age type int4;
-- case: domain without a check to its base type
alter table moods alter column amount type integer;
-- case: integer to a domain without a check
create domain plain as integer;
-- next file
alter table users alter column age type plain;
-- case: varchar widened by a using that names the column alone
alter table users alter column name type varchar(100) using name;
-- case: varchar widened by a using that casts to the new type
alter table users alter column name type text using name::text;
-- case: varchar widened in a mixed-case table created by an earlier file
create table "Places" ("Id" bigint primary key, "zipCode" varchar(10));
-- next file
alter table "Places" alter column "zipCode" type varchar(20);
-- case: varchar widened after its column was renamed in the history
create table places (id bigint primary key, zip varchar(10));
alter table places rename column zip to postcode;
-- next file
alter table places alter column postcode type varchar(20);
-- case: varchar widened after its table was renamed in the history
create table places (id bigint primary key, zip varchar(10));
alter table places rename to spots;
-- next file
alter table spots alter column zip type text;
-- case: default changed
alter table posts alter column kind set default 'text';
-- case: default dropped
alter table posts alter column views drop default;
-- case: identity restarted
alter table posts alter column id restart with 1000000;
-- case: statistics target
alter table posts alter column kind set statistics 500;
-- case: storage parameters
alter table posts set (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);
-- case: replica identity
alter table posts replica identity full;
-- case: constraint renamed
alter table posts rename constraint posts_kind_known to posts_kind_valid;
-- case: index renamed
alter index posts_user_id rename to posts_by_user;
-- case: check dropped
alter table posts drop constraint posts_kind_known;
-- case: enum created and used in a new table
create type size as enum ('small', 'large');
create table shirts (id bigint primary key, size size not null);
-- case: enum value added with its place
alter type mood add value 'calm' after 'happy';
-- case: enum value added if it is not there
alter type mood add value if not exists 'calm' before 'sad';
-- case: trigger function replaced
create or replace function touch() returns trigger language plpgsql as $$
begin
  new.kind := coalesce(new.kind, 'text');
  return new;
end $$;
-- case: function that deletes by key
create function forget(who bigint) returns void language plpgsql as $$ begin delete from posts where user_id = who; end $$;
-- case: function in SQL with a standard body
create function total(who bigint) returns bigint language sql begin atomic; select count(*) from posts where user_id = who; end;
-- case: trigger created
create trigger posts_audit after insert on posts for each row execute function touch();
-- case: trigger of one table switched on for replicas
alter table posts enable replica trigger posts_touch;
-- case: do block that only raises
do $$ begin raise notice 'drop table posts'; end $$;
-- case: do block that creates a table and its index
do $$ begin
  create table if not exists notes (id bigint primary key, body text);
  create index if not exists notes_body on notes (body);
end $$;
-- case: do block that creates a role when it is missing
do $$ begin
  if not exists (select from pg_roles where rolname = 'reader_of_the_corpus') then raise notice 'none'; end if;
end $$;
-- case: do block that adds a nullable type
do $$ begin
  create type level as enum ('low', 'high');
exception when duplicate_object then null;
end $$;
-- case: view created
create view authors as select distinct user_id from posts;
-- case: view replaced
create or replace view recent as select id, title from posts where kind is not null;
-- case: view dropped
drop view if exists recent;
-- case: materialised view with its unique index
create materialized view kinds as select kind, count(*) as posts from posts group by kind with no data;
create unique index kinds_kind on kinds (kind);
-- case: materialised view refreshed concurrently
refresh materialized view concurrently totals;
-- case: extension
create extension if not exists pg_trgm;
-- case: comments
comment on table posts is 'What people write; drop table users;';
comment on column posts.title is 'Shown in lists.';
-- case: grants
grant select, insert on posts to public;
revoke insert on posts from public;
-- case: policy created
create policy posts_read on posts for select using (kind is not null);
-- case: partitioned table with its partitions
create table metrics (id bigint not null, at timestamptz not null, value double precision, primary key (id, at)) partition by range (at);
create table metrics_2026 partition of metrics for values from ('2026-01-01') to ('2027-01-01');
create index metrics_at on metrics (at);
-- case: partition created for an existing table
create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01');
-- case: partition attached after its check
alter table events_2026 add constraint events_2026_range check (at >= '2026-01-01' and at < '2027-01-01') not valid;
-- next file
alter table events_2026 validate constraint events_2026_range;
-- next file
alter table events attach partition events_2026 for values from ('2026-01-01') to ('2027-01-01');
-- case: empty partition created and attached in one file
create table events_2028 (like events including all);
alter table events attach partition events_2028 for values from ('2028-01-01') to ('2029-01-01');
-- case: partition detached concurrently
-- sanctum: no-transaction
alter table events detach partition events_2025 concurrently;
-- case: publication
create publication posts_out for table posts;
-- case: statistics
create statistics posts_kind_user (dependencies) on kind, user_id from posts;
-- case: sequence
create sequence receipts as bigint start 1000;
-- case: reference data
insert into tags (id, label) values (1, 'news'), (2, 'art') on conflict (id) do nothing;
-- case: rows deleted by key
delete from tags where id in (1, 2);
-- case: rows updated by key
update tags set label = 'News' where id = 1;
-- case: setting for this migration
set local statement_timeout = '5s';
alter table posts add column note text;
-- case: vacuum without full
-- sanctum: no-transaction
vacuum (full false, analyze) posts;
-- case: vacuum and analyse
-- sanctum: no-transaction
vacuum (analyze) posts;
-- case: analyse
analyze posts;
-- case: lock that blocks nobody
lock table posts in access share mode;
-- case: array of numbers that are no keys
create table charts (id bigint primary key, points integer[] not null, votes smallint[]);
-- case: number that is no key
create table charts (id bigint primary key, votes integer not null default 0);
-- case: jsonb
alter table posts add column extra jsonb not null default '{}';
-- case: table dropped that the same file made
create table scratch (id bigint primary key);
drop table scratch;
-- case: several additions to one table
alter table posts add column a text, add column b text not null default '', alter column kind set default 'text';
-- case: column and its constraint in one file, still without rows to prove
alter table posts add column parent_id bigint;
alter table posts add constraint posts_parent foreign key (parent_id) references posts (id) not valid;
-- case: words of danger in strings, names and comments
-- drop table users; truncate posts;
select 'drop table users; truncate posts' as "drop table";
-- case: text search configuration
create text search configuration plain_english (copy = english);
-- case: rules of a foreign server in quotes
comment on type mood is $note$alter type mood rename value 'sad' to 'x';$note$;
-- case: row security switched on for a new table
create table secrets (id bigint primary key, owner bigint not null);
alter table secrets enable row level security;
alter table secrets force row level security;
-- case: new table in a mixed-case schema
create schema "Shop";
create table "Shop"."Items" ("Id" bigint generated always as identity primary key, "Name" text not null);
create index "Items_Name_idx" on "Shop"."Items" ("Name");
alter table "Shop"."Items" add constraint "Items_Name_check" check ("Name" <> '');
-- case: new table found by its qualified and its plain name
create table public.lists (id bigint primary key, name text);
create index lists_name on lists (name);
alter table lists alter column name set not null;
-- case: table created from a query
create table archive as select * from posts where kind = 'link' limit 100;
create index archive_id on archive (id);
