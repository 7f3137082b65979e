/** The live schema, one statement a kind; sorted by name in byte order so that every server answers alike. */

/** Objects of extensions belong to the extension; the journal belongs to the runner. $1 is the list of schemas. */
const ours = `
  n.nspname = any($1::text[]) and not exists (
    select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
  ) and c.relname <> 'schema_migrations'`;

export const extensions = `
select extname::text as name from pg_extension where extname <> 'plpgsql' order by extname collate "C"`;

export const enums = `
select n.nspname::text as schema, t.typname::text as name,
  array_agg(e.enumlabel::text order by e.enumsortorder) as labels
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
join pg_enum e on e.enumtypid = t.oid
where n.nspname = any($1::text[])
  and not exists (select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e')
group by n.nspname, t.typname
order by n.nspname collate "C", t.typname collate "C"`;

export const domains = `
select n.nspname::text as schema, t.typname::text as name, format_type(t.typbasetype, t.typtypmod) as base,
  t.typnotnull as is_not_null, t.typdefault as default_expression,
  coalesce((
    select array_agg(format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid)) order by k.conname collate "C")
    from pg_constraint k where k.contypid = t.oid and k.contype = 'c'
  ), '{}') as constraints
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'd' and n.nspname = any($1::text[])
  and not exists (select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e')
order by n.nspname collate "C", t.typname collate "C"`;

/** Sequences that no identity column owns. */
export const sequences = `
select n.nspname::text as schema, c.relname::text as name, format_type(s.seqtypid, null) as type,
  s.seqstart::text as start, s.seqincrement::text as increment, s.seqmax::text as max, s.seqcycle as is_cycle
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_sequence s on s.seqrelid = c.oid
where ${ours} and not exists (
  select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i'
)
order by n.nspname collate "C", c.relname collate "C"`;

export const tables = `
select n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind, c.relpersistence::text as persistence,
  case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition_key,
  c.relrowsecurity as has_row_security,
  (select i.inhparent::regclass::text from pg_inherits i where i.inhrelid = c.oid and c.relispartition) as parent,
  case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end as bound,
  coalesce(c.reloptions, '{}')::text[] as options,
  obj_description(c.oid, 'pg_class') as comment
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where ${ours} and c.relkind in ('r', 'p')
order by n.nspname collate "C", c.relname collate "C"`;

export const columns = `
select n.nspname::text as schema, c.relname::text as table_name, a.attname::text as name,
  format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as is_not_null,
  pg_get_expr(d.adbin, d.adrelid) as default_expression, a.attidentity::text as identity, a.attgenerated::text as generated,
  case when a.attcollation <> t.typcollation then quote_ident(l.collname) end as collation,
  col_description(c.oid, a.attnum) as comment
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join pg_collation l on l.oid = a.attcollation
where ${ours} and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
order by n.nspname collate "C", c.relname collate "C", a.attnum`;

/** NOT NULL stands with its column: PostgreSQL 18 lists it as a constraint, 16 and 17 do not. */
export const constraints = `
select n.nspname::text as schema, c.relname::text as table_name, k.conname::text as name, k.contype::text as type,
  pg_get_constraintdef(k.oid) as definition
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
where ${ours} and k.contype in ('p', 'u', 'c', 'f', 'x') and k.conparentid = 0
order by n.nspname collate "C", c.relname collate "C", position(k.contype::text in 'pucxf'), k.conname collate "C"`;

/** Indexes that no constraint made. */
export const indexes = `
select n.nspname::text as schema, c.relname::text as table_name, x.relname::text as name,
  pg_get_indexdef(i.indexrelid) as definition, i.indisvalid as is_valid
from pg_index i
join pg_class c on c.oid = i.indrelid
join pg_class x on x.oid = i.indexrelid
join pg_namespace n on n.oid = c.relnamespace
where ${ours} and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
order by n.nspname collate "C", c.relname collate "C", x.relname collate "C"`;

export const views = `
select n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind, pg_get_viewdef(c.oid) as definition
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where ${ours} and c.relkind in ('v', 'm')
order by n.nspname collate "C", c.relname collate "C"`;

export const functions = `
select pg_get_functiondef(p.oid) as definition
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where n.nspname = any($1::text[]) and p.prokind in ('f', 'p')
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
order by n.nspname collate "C", p.proname collate "C", pg_get_function_identity_arguments(p.oid) collate "C"`;

export const triggers = `
select n.nspname::text as schema, c.relname::text as table_name, g.tgname::text as name,
  pg_get_triggerdef(g.oid) as definition, g.tgenabled::text as enabled
from pg_trigger g
join pg_class c on c.oid = g.tgrelid
join pg_namespace n on n.oid = c.relnamespace
where ${ours} and not g.tgisinternal and g.tgparentid = 0
order by n.nspname collate "C", c.relname collate "C", g.tgname collate "C"`;

export const policies = `
select p.schemaname::text as schema, p.tablename::text as table_name, p.policyname::text as name, p.permissive, p.roles::text[] as roles, p.cmd,
  p.qual, p.with_check
from pg_policies p
where p.schemaname = any($1::text[])
order by p.schemaname collate "C", p.tablename collate "C", p.policyname collate "C"`;

/** Expressions are printed relative to the search path: fix it, so that every client sees the same text. */
export const beginDump = `begin transaction isolation level repeatable read read only`;
export const fixSearchPath = `select set_config('search_path', 'pg_catalog', true), set_config('quote_all_identifiers', 'off', true)`;
export const endDump = `rollback`;
