/** The journal: one row per migration that ran or is running, in the database that it ran in. */
export const createJournal = `
create table if not exists public.schema_migrations (
  number integer not null,
  name text not null,
  byte_hash text not null,
  token_hash text not null,
  chain_hash text not null,
  algorithm text not null,
  state text not null,
  statement_position integer not null default 0,
  started_at timestamptz not null default clock_timestamp(),
  applied_at timestamptz,
  duration_ms integer,
  breaks_before integer,
  constraint schema_migrations_pkey primary key (number),
  constraint schema_migrations_name_unique unique (name),
  constraint schema_migrations_state_known check (state in ('running', 'applied')),
  constraint schema_migrations_applied_has_time check ((state = 'applied') = (applied_at is not null))
)`;

export const commentOnJournal = `
comment on table public.schema_migrations is 'Sanctum migrations journal, version 1'`;

/** Journals from before migrations said what they break lack the column; their rows stay null: not recorded. */
export const addBreaksBefore = `
alter table public.schema_migrations add column breaks_before integer`;

/** One row: which journal columns exist, and a sample of other tables, without reading any of them. */
export const describeDatabase = `
select
  (
    select coalesce(array_agg(a.attname::text order by a.attnum), '{}')
    from pg_attribute a
    where a.attrelid = to_regclass('public.schema_migrations') and a.attnum > 0 and not a.attisdropped
  ) as journal_columns,
  (
    select coalesce(array_agg(t.name order by t.name), '{}')
    from (
      select c.relname::text as name
      from pg_class c
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
        and c.relname <> 'schema_migrations'
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
      order by c.relname
      limit 5
    ) t
  ) as tables,
  current_database() as database`;

/** Through JSON, because a journal may lack the newest column and reading never changes it. */
export const readJournal = `
select number, name, byte_hash, token_hash, chain_hash, algorithm, state, statement_position, started_at, applied_at, duration_ms,
  (to_jsonb(m) ->> 'breaks_before')::integer as breaks_before
from public.schema_migrations m
order by number`;

export const insertApplied = `
insert into public.schema_migrations
  (number, name, byte_hash, token_hash, chain_hash, algorithm, breaks_before, state, statement_position, started_at, applied_at, duration_ms)
values ($1, $2, $3, $4, $5, $6, $7, 'applied', $8, $9, clock_timestamp(), $10)`;

export const insertRunning = `
insert into public.schema_migrations (number, name, byte_hash, token_hash, chain_hash, algorithm, breaks_before, state)
values ($1, $2, $3, $4, $5, $6, $7, 'running')
on conflict (number) do update set
  name = excluded.name, byte_hash = excluded.byte_hash, token_hash = excluded.token_hash,
  chain_hash = excluded.chain_hash, breaks_before = excluded.breaks_before, started_at = clock_timestamp()
where public.schema_migrations.state = 'running'`;

export const markApplied = `
update public.schema_migrations
set state = 'applied', statement_position = 1, applied_at = clock_timestamp(),
  duration_ms = coalesce($2, extract(epoch from clock_timestamp() - started_at) * 1000)::integer
where number = $1 and state = 'running'`;

export const deleteRunning = `
delete from public.schema_migrations where number = $1 and state = 'running'`;

export const deleteApplied = `
delete from public.schema_migrations where number = $1 and state = 'applied'`;

export const adoptHashes = `
update public.schema_migrations set byte_hash = $2, chain_hash = $3 where number = $1 and token_hash = $4`;
