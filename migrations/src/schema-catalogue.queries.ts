export const sessionTimeZone = `select current_setting('TimeZone') as zone`;

/**
 * The catalogue as statements that the linter reads like a migration: domains and tables, then constraints, indexes and
 * policies. One row each; names are quoted by the server.
 */
export const catalogueText = `
with own as (
  select n.oid, n.nspname from pg_namespace n
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
), statements as (
  select 1 as step, format('create domain %I.%I as %s%s', own.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
    case when t.typnotnull or exists (select from pg_constraint c where c.contypid = t.oid) then ' not null' else '' end) as statement
  from pg_type t join own on own.oid = t.typnamespace
  where t.typtype = 'd'
  union all
  select 2, format('create table %I.%I (%s)%s', own.nspname, c.relname,
    (select coalesce(string_agg(format('%I %s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end), ', ' order by a.attnum), '')
     from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
    case when c.relkind = 'p' then ' partition by range ((1))' else '' end)
  from pg_class c join own on own.oid = c.relnamespace
  where c.relkind in ('r', 'p')
  union all
  select 3, format('alter table %I.%I add constraint %I %s', own.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
  from pg_constraint k join pg_class c on c.oid = k.conrelid join own on own.oid = c.relnamespace
  where c.relkind in ('r', 'p') and k.contype in ('c', 'n', 'p', 'u')
  union all
  select 4, pg_get_indexdef(i.indexrelid)
  from pg_index i join pg_class c on c.oid = i.indexrelid join own on own.oid = c.relnamespace
  union all
  select 5, format('create policy %I on %I.%I', p.polname, own.nspname, c.relname)
  from pg_policy p join pg_class c on c.oid = p.polrelid join own on own.oid = c.relnamespace
)
select statement from statements order by step, statement`;
