/** Questions about the live server that migrations ask; each is one statement. */

export const tryLock = `select pg_try_advisory_lock($1) as locked, pg_backend_pid() as pid`;

export const unlock = `select pg_advisory_unlock($1) as unlocked, pg_backend_pid() as pid`;

/** A session lock behind a transaction pooler belongs to whichever backend served the statement. */
export const lockHolder = `
select l.pid, l.pid = pg_backend_pid() as is_own, a.usename::text as user, a.application_name as application,
  a.client_addr::text as address, a.backend_start as since, a.state
from pg_locks l
left join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted and l.objsubid = 1
  and l.database = (select oid from pg_database where datname = current_database())
  and l.classid::bigint = ($1::bigint >> 32) and l.objid::bigint = ($1::bigint & 4294967295)`;

/** Invalid indexes that nobody is building now; a partitioned index is invalid until its parts are attached. */
export const invalidIndexes = `
select n.nspname::text as schema, c.relname::text as name, t.relname::text as table_name, i.indisunique as is_unique,
  p.pid as builder
from pg_index i
join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
join pg_class t on t.oid = i.indrelid
join pg_namespace n on n.oid = c.relnamespace
left join pg_stat_progress_create_index p on p.index_relid = i.indexrelid or p.relid = i.indrelid
where (not i.indisvalid or not i.indisready) and n.nspname not in ('pg_catalog', 'pg_toast')
order by 1, 2`;

/** What is known of one index: absent when no row. $1 is a possibly qualified, quoted name. */
export const indexState = `
select i.indisvalid and i.indisready as is_valid, t.relname::text as table_name
from pg_index i
join pg_class t on t.oid = i.indrelid
where i.indexrelid = to_regclass($1)`;

export const enumLabel = `
select exists (select from pg_enum e where e.enumtypid = to_regtype($1) and e.enumlabel = $2) as present`;

/** Whether $2 is still a partition of $1, and whether its detach is pending. */
export const partitionState = `
select inhdetachpending as is_pending
from pg_inherits
where inhparent = to_regclass($1) and inhrelid = to_regclass($2)`;

/** Who holds a lock on the named relations; asked after a lock timeout, to name the culprit. */
export const relationLocks = `
select l.pid, l.relation::regclass::text as relation, l.mode, a.application_name as application, a.state,
  extract(epoch from now() - a.xact_start)::double precision as transaction_s,
  left(a.query, 120) as query
from pg_locks l
join pg_stat_activity a on a.pid = l.pid
where l.granted and l.pid <> pg_backend_pid() and l.database = (select oid from pg_database where datname = current_database())
  and l.relation in (select to_regclass(name) from unnest($1::text[]) as name)
order by a.xact_start nulls last
limit 5`;

/** Connections of platform instances to this database, by the name that they connect under. */
export const platformConnections = `
select application_name as application, host(client_addr) as address, count(*)::integer as connections
from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and starts_with(application_name, $1)
group by 1, 2
order by 1, 2`;

export const setLocal = `select set_config($1, $2, true)`;

export const setSession = `select set_config($1, $2, false)`;

/** $1 is already quoted: the statement cannot take a parameter there. */
export function dropIndexConcurrently(quotedName: string): string {
  return `drop index concurrently if exists ${quotedName}`;
}

export const begin = `begin`;
export const commit = `commit`;
export const rollback = `rollback`;
