-- case: required column without a default
-- expect: adding-required-field
alter table posts add column author text not null;
-- case: required column in a mixed-case table
-- expect: adding-required-field
alter table "Orders" add column "shipTo" text not null;
-- case: column with a volatile default
-- expect: adding-field-with-default
alter table posts add column token uuid default gen_random_uuid();
-- case: column whose default is the clock of each row
-- expect: adding-field-with-default
alter table posts add column noted_at timestamptz default clock_timestamp();
-- case: column with a random default among other commands
-- expect: adding-field-with-default
alter table posts add column a text, add column lucky double precision default random();
-- case: serial column
-- expect: adding-auto-incrementing-column
alter table posts add column position serial;
-- case: bigserial column
-- expect: adding-auto-incrementing-column
alter table posts add column position bigserial;
-- case: identity column
-- expect: adding-auto-incrementing-column
alter table posts add column position bigint generated always as identity;
-- case: column fed by a sequence
-- expect: adding-field-with-default, adding-auto-incrementing-column
alter table posts add column ticket bigint default nextval('tickets');
-- case: stored generated column
-- expect: stored-generated-column-on-existing-table
alter table posts add column title_lower text generated always as (lower(title)) stored;
-- case: stored generated search vector
-- expect: stored-generated-column-on-existing-table
alter table posts add column search tsvector generated always as (to_tsvector('english', coalesce(title, ''))) stored;
-- case: column with a primary key
-- expect: adding-serial-primary-key-field, disallowed-unique-constraint, index-under-lock
alter table post_tags add column id bigint generated always as identity primary key;
-- case: column with a unique constraint
-- expect: disallowed-unique-constraint, index-under-lock
alter table posts add column external_id text unique;
-- case: column that references another table with a default
-- expect: adding-foreign-key-constraint
alter table posts add column tag_id bigint not null default 1 references tags (id);
-- case: column of a domain with a check
-- expect: adding-constrained-domain-column
create domain percent as integer check (value between 0 and 100);
alter table posts add column share percent default 5;
-- case: json column
-- expect: json-column
alter table posts add column extra json;
-- case: table with a json column
-- expect: json-column
create table drafts (id bigint primary key, extra json);
-- case: array of json
-- expect: json-column
create table drafts (id bigint primary key, extras json[]);
-- case: int4 key
-- expect: small-key
create table drafts (id integer primary key);
-- case: serial key
-- expect: small-key
create table drafts (id serial primary key);
-- case: array of small foreign keys
-- expect: small-key
create table drafts (id bigint primary key, user_ids integer[]);
-- case: small keys by a table constraint
-- expect: small-key
create table drafts (number int4, part int4, primary key (number, part));
-- case: int column that references a bigint key
-- expect: small-key
create table drafts (id bigint primary key, author int references users (id));
-- case: index without concurrently
-- expect: require-concurrent-index-creation
create index posts_kind on posts (kind);
-- case: unique index without concurrently on a mixed-case table
-- expect: require-concurrent-index-creation
create unique index "Orders_note" on "Orders" (note);
-- case: index on a partitioned table
-- expect: require-concurrent-index-creation
create index events_payload on events using gin (payload);
-- case: index dropped without concurrently
-- expect: require-concurrent-index-deletion
drop index posts_user_id;
-- case: concurrent index in a transaction
-- expect: needs-no-transaction
create index concurrently posts_kind on posts (kind);
-- case: index rebuilt without concurrently
-- expect: require-concurrent-reindex
reindex index posts_user_id;
-- case: table reindexed
-- expect: require-concurrent-reindex
reindex table posts;
-- case: foreign key validated at once
-- expect: adding-foreign-key-constraint
alter table post_tags add constraint post_tags_post foreign key (post_id) references posts (id);
-- case: foreign key not valid and validated in one file
-- expect: constraint-missing-not-valid, validation-in-same-transaction
alter table post_tags add constraint post_tags_post foreign key (post_id) references posts (id) not valid;
alter table post_tags validate constraint post_tags_post;
-- case: check constraint validated at once
-- expect: constraint-missing-not-valid
alter table posts add constraint posts_views_positive check (views >= 0);
-- case: check constraint without a name
-- expect: constraint-missing-not-valid
alter table posts add check (views >= 0);
-- case: unique constraint built under the lock
-- expect: disallowed-unique-constraint
alter table posts add constraint posts_slug_unique unique (slug);
-- case: primary key built under the lock
-- expect: adding-serial-primary-key-field
alter table post_tags add primary key (post_id, tag_id);
-- case: primary key on a nullable index scans for nulls
-- expect: adding-not-nullable-field
-- sanctum: no-transaction
create unique index concurrently posts_slug_unique on posts (slug);
-- next file
alter table posts add constraint posts_slug_key primary key using index posts_slug_unique;
-- case: exclusion constraint
-- expect: exclusion-constraint-on-existing-table
alter table posts add constraint posts_no_overlap exclude using gist (tstzrange(starts_at, ends_at) with &&);
-- case: not null without a check
-- expect: adding-not-nullable-field
alter table posts alter column title set not null;
-- case: not null with a check that was never validated
-- expect: adding-not-nullable-field
alter table posts add constraint posts_title_present check (title is not null) not valid;
-- next file
alter table posts alter column title set not null;
-- case: not null with a check of another column
-- expect: adding-not-nullable-field
alter table posts add constraint posts_body_present check (body is not null) not valid;
-- next file
alter table posts validate constraint posts_body_present;
-- next file
alter table posts alter column title set not null;
-- case: not null after the check was dropped again
-- expect: adding-not-nullable-field
alter table posts add constraint posts_title_present check (title is not null) not valid;
-- next file
alter table posts validate constraint posts_title_present;
-- next file
alter table posts drop constraint posts_title_present;
-- next file
alter table posts alter column title set not null;
-- case: not null with a check that allows null by or
-- expect: adding-not-nullable-field
alter table posts add constraint posts_title_or check (title is not null or kind = 'link') not valid;
-- next file
alter table posts validate constraint posts_title_or;
-- next file
alter table posts alter column title set not null;
-- case: integer to bigint
-- expect: changing-column-type
alter table users alter column age type bigint;
-- case: varchar made shorter
-- expect: changing-column-type
alter table users alter column name type varchar(20);
-- case: text to a bounded varchar
-- expect: changing-column-type
alter table posts alter column title type varchar(200);
-- case: text to integer by using
-- expect: changing-column-type
alter table posts alter column kind type integer using length(kind);
-- case: numeric scale changed
-- expect: changing-column-type
alter table users alter column score type numeric(12, 4);
-- case: numeric precision reduced
-- expect: changing-column-type
alter table users alter column score type numeric(8, 2);
-- case: timestamp to timestamptz
-- expect: changing-column-type
alter table users alter column seen_at type timestamptz;
-- case: timestamptz to timestamp by using
-- expect: changing-column-type
alter table users alter column logged_at type timestamp using logged_at at time zone 'UTC';
-- case: precision of a timestamp reduced
-- expect: changing-column-type
alter table users alter column logged_at type timestamptz(0);
-- case: char to text
-- expect: changing-column-type
alter table users alter column code type text;
-- case: json to jsonb
-- expect: changing-column-type
alter table legacy alter column blob type jsonb using blob::jsonb;
-- case: varchar to text with another collation rebuilds its index
-- expect: changing-column-type
alter table users alter column name type text collate "C";
-- case: widened varchar with a using that computes
-- expect: changing-column-type
alter table users alter column name type varchar(100) using upper(name);
-- case: text to an enum
-- expect: changing-column-type
alter table posts alter column kind type mood using kind::mood;
-- case: column renamed
-- expect: renaming-column
alter table posts rename column title to headline;
-- case: table renamed
-- expect: renaming-table
alter table posts rename to articles;
-- case: schema renamed
-- expect: renaming-schema
alter schema app rename to application;
-- case: enum value renamed
-- expect: renaming-enum-value
alter type mood rename value 'sad' to 'gloomy';
-- case: view renamed
-- expect: renaming-table, renaming-view
alter view recent rename to latest;
-- case: table moved to another schema
-- expect: moving-to-schema
alter table posts set schema app;
-- case: table made unlogged
-- expect: table-rewrite
alter table posts set unlogged;
-- case: table moved to another tablespace
-- expect: table-rewrite
alter table posts set tablespace pg_default;
-- case: access method changed
-- expect: table-rewrite
alter table posts set access method heap;
-- case: column dropped
-- expect: drop-column
alter table posts drop column body;
-- case: table dropped
-- expect: drop-table
drop table legacy;
-- case: schema dropped with everything in it
-- expect: drop-schema
drop schema app cascade;
-- case: type dropped with cascade
-- expect: drop-type, drop-cascade
drop type mood cascade;
-- case: table truncated
-- expect: truncate
truncate legacy;
-- case: delete without where
-- expect: delete-without-where
delete from legacy;
-- case: update without where in a common table expression
-- expect: update-without-where
with changed as (update posts set kind = 'text' returning id) select count(*) from changed;
-- case: backfill of a whole table by a where that is always true
-- expect: update-without-where
update posts set kind = 'text' where true;
-- case: destruction in a do block
-- expect: truncate
do $$ begin if true then truncate legacy; end if; end $$;
-- case: destruction in a loop by a constant execute
-- expect: drop-table
do $$ declare r record; begin for r in select 1 loop execute 'drop table legacy'; end loop; end $$;
-- case: statement built while it runs
-- expect: unseen-statement
do $$ begin execute format('drop table %I', 'legacy'); end $$;
-- case: destruction in a function that the migration calls
-- expect: delete-without-where
create function clean() returns void language plpgsql as $$ begin delete from legacy; end $$;
select clean();
-- case: type change in a do block
-- expect: changing-column-type
do $$ begin alter table users alter column age type bigint; end $$;
-- case: materialised view refreshed under its lock
-- expect: blocking-maintenance
refresh materialized view totals;
-- case: vacuum full
-- expect: blocking-maintenance
-- sanctum: no-transaction
vacuum full posts;
-- case: vacuum full by option
-- expect: blocking-maintenance
-- sanctum: no-transaction
vacuum (full true, analyze) posts;
-- case: cluster
-- expect: blocking-maintenance
cluster posts using posts_user_id;
-- case: explicit lock against everybody
-- expect: explicit-lock
lock table posts in access exclusive mode;
-- case: explicit lock without a mode
-- expect: explicit-lock
lock table posts;
-- case: trigger switched off
-- expect: disabled-trigger
alter table posts disable trigger all;
-- case: partition attached without a check
-- expect: attaching-unchecked-partition
alter table events attach partition events_2026 for values from ('2026-01-01') to ('2027-01-01');
-- case: partition detached under the lock
-- expect: require-concurrent-partition-detach
alter table events detach partition events_2025;
-- case: domain gets a check
-- expect: ban-alter-domain-with-add-constraint
alter domain positive add constraint positive_only check (value > 0);
-- case: work after a strong lock
-- expect: work-under-lock
alter table posts add column note text;
update posts set note = '' where id < 100000;
-- case: strong locks on two tables
-- expect: wide-lock-window
alter table posts add column note text;
alter table users add column note text;
-- case: enum value added and used in one transaction
-- expect: enum-value-used-in-same-transaction
alter type mood add value 'calm';
update moods set mood = 'calm' where id = 1;
-- case: statement that does not parse beside one that destroys
-- expect: drop-table
create tabel x (id int);
drop table legacy;
-- case: transaction control
-- expect: transaction-control
begin;
alter table posts add column note text;
commit;
-- case: policy switches row security on for readers without a policy
-- expect: enabling-row-security
alter table tags enable row level security;
-- case: default function replaced in a column added to a partitioned table
-- expect: adding-field-with-default
alter table events add column token uuid default gen_random_uuid();
-- case: not null dropped
-- expect: ban-drop-not-null
alter table posts alter column user_id drop not null;
-- case: large copy into an existing table of another
-- expect: unbounded-write
insert into post_tags select id, 1 from posts;
-- case: not null again after its constraint was dropped by its name
-- expect: adding-not-nullable-field
alter table posts drop constraint posts_user_id_not_null;
-- next file
alter table posts alter column user_id set not null;
-- case: not null after a validation that a block may not have run
-- expect: adding-not-nullable-field
alter table posts add constraint posts_title_present check (title is not null) not valid;
-- next file
do $$ begin if false then alter table posts validate constraint posts_title_present; end if; end $$;
-- next file
alter table posts alter column title set not null;
-- case: type made smaller after a block may have made it larger
-- expect: changing-column-type
do $$ begin if false then alter table users alter column name type varchar(200); end if; end $$;
-- next file
alter table users alter column name type varchar(60);
-- case: widened column that a check reads
-- expect: changing-column-type
alter table users add constraint users_name_short check (length(name) < 40) not valid;
-- next file
alter table users alter column name type varchar(100);
