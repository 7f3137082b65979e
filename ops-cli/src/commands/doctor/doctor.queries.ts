/** What doctor asks a database; each is one short statement. */

export const waitingSessions = `
  select waiting.pid,
         pg_blocking_pids(waiting.pid) as blocked_by,
         left(waiting.query, 120) as query,
         extract(epoch from clock_timestamp() - waiting.query_start)::int as seconds
  from pg_stat_activity waiting
  where waiting.wait_event_type = 'Lock'
  order by waiting.query_start
  limit 200`;

export const sessionsByPid = `
  select pid,
         coalesce(application_name, '') as application,
         state,
         left(query, 120) as query,
         extract(epoch from clock_timestamp() - xact_start)::int as seconds
  from pg_stat_activity
  where pid = any($1)`;

export const idleTransactions = `
  select pid,
         coalesce(application_name, '') as application,
         left(query, 120) as query,
         extract(epoch from clock_timestamp() - state_change)::int as seconds
  from pg_stat_activity
  where state like 'idle in transaction%'
    and datname = current_database()
    and state_change < clock_timestamp() - interval '30 seconds'
  order by state_change
  limit 20`;

export const preparedTransactions = `
  select gid, quote_literal(gid) as quoted, extract(epoch from clock_timestamp() - prepared)::int as seconds
  from pg_prepared_xacts
  where database = current_database() and prepared < clock_timestamp() - interval '30 seconds'
  order by prepared
  limit 20`;

export const serverState = `
  select pg_is_in_recovery() as in_recovery,
         (extract(epoch from clock_timestamp()) * 1000)::double precision as now_ms,
         quote_ident(current_user) as role,
         quote_ident(current_database()) as database,
         current_setting('max_connections')::int as connections_max,
         current_setting('superuser_reserved_connections')::int as connections_reserved,
         coalesce(current_setting('reserved_connections', true), '0')::int as connections_reserved_more`;

export const connectionUse = `
  select coalesce(nullif(application_name, ''), 'no name') as application,
         coalesce(usename, '') as role,
         count(*)::int as connections,
         count(*) filter (where state = 'idle')::int as idle
  from pg_stat_activity
  where backend_type = 'client backend'
  group by 1, 2
  order by 3 desc`;

/** Settings that a role, a database or both were given: they hold from the next connection on. */
export const givenSettings = `
  select split_part(entry, '=', 1) as name,
         substr(entry, strpos(entry, '=') + 1) as value,
         case
           when s.setrole = 0 and s.setdatabase = 0 then 'alter role all'
           when s.setrole = 0 then 'alter database ' || quote_ident(current_database())
           when s.setdatabase = 0 then 'alter role ' || quote_ident(current_user)
           else 'alter role ' || quote_ident(current_user) || ' in database ' || quote_ident(current_database())
         end as owner
  from pg_db_role_setting s
  cross join unnest(s.setconfig) as entry
  where s.setrole in (0, (select oid from pg_roles where rolname = current_user))
    and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
  order by s.setrole desc, s.setdatabase desc`;

/** The same from inside a session that asked for nothing of its own. */
export const settingsInForce = `select name, setting, coalesce(unit, '') as unit, source from pg_settings where name = any($1)`;

export const indexesByName = `
  select ic.relname as name,
         i.indisvalid and i.indisready and i.indislive as is_valid,
         exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid) as is_being_built,
         pg_get_indexdef(i.indexrelid) as definition
  from pg_index i
  join pg_class ic on ic.oid = i.indexrelid
  join pg_namespace n on n.oid = ic.relnamespace
  where ic.relname = any($1) and n.nspname in ('public', 'graphile_worker')`;

export const grants = `
  select wanted.name,
         quote_ident('public') || '.' || quote_ident(wanted.name) as quoted,
         to_regclass(format('public.%I', wanted.name)) is not null as is_there,
         array(
           select privilege from unnest(array['select', 'insert', 'update', 'delete']) as privilege
           where to_regclass(format('public.%I', wanted.name)) is not null
             and not has_table_privilege(current_user, to_regclass(format('public.%I', wanted.name)), privilege)
         ) as missing
  from unnest($1::text[]) as wanted (name)
  order by 1`;

export const schemaUsable = `select has_schema_privilege(current_user, 'public', 'usage') as usable`;

export const platformSessions = `
  select distinct application_name as application, coalesce(host(client_addr), '127.0.0.1') as address
  from pg_stat_activity
  where application_name like 'sanctum-platform %' and datname = current_database()`;

export const jobWorkers = `
  select count(*)::int as workers from pg_stat_activity where application_name = 'sanctum-jobs' and datname = current_database()`;

export const hasJobs = `select to_regclass('graphile_worker.jobs') is not null as has_jobs`;

export const jobCounts = `
  select count(*) filter (where locked_at is null and attempts >= max_attempts)::int as dead,
         count(*) filter (where locked_at < now() - interval '2 minutes')::int as stuck,
         count(*) filter (where locked_at is null and attempts < max_attempts and run_at <= now())::int as ready,
         coalesce(extract(epoch from now() - min(run_at) filter (
           where locked_at is null and attempts < max_attempts and run_at <= now()
         )), 0)::int as oldest_ready_seconds
  from graphile_worker.jobs`;

export const troubledJobs = `
  select id::text as id, task_identifier as task, attempts::int as attempts, left(coalesce(last_error, ''), 160) as error,
         locked_at is not null as is_locked
  from graphile_worker.jobs
  where (locked_at is null and attempts >= max_attempts) or locked_at < now() - interval '2 minutes'
  order by id
  limit 5`;

/** A row like any other, in a transaction that is always rolled back. Without a user there is nobody to write it for. */
export const writeProbe = `
  insert into public.idempotency_keys (user_id, key, route, request_hash)
  select id, 'doctor-' || gen_random_uuid(), 'doctor', ''::bytea from public.users order by id limit 1`;

/** What keeps a role out, asked by an administrator. */
export const admission = `
  select quote_ident(wanted.role) as role,
         quote_ident(wanted.database) as database,
         r.oid is not null as has_role,
         d.oid is not null as has_database,
         coalesce(r.rolcanlogin, false) as can_log_in,
         coalesce(r.rolconnlimit, -1) as role_limit,
         coalesce(d.datallowconn, true) as accepts_connections,
         coalesce(d.datconnlimit, -1) as database_limit,
         coalesce(r.oid is null or d.oid is null or has_database_privilege(r.oid, d.oid, 'connect'), true) as may_connect
  from (select $1::text as role, $2::text as database) wanted
  left join pg_roles r on r.rolname = wanted.role
  left join pg_database d on d.datname = wanted.database`;

/** Idle sessions of everybody but the platform, its jobs and us: what may be ended to let the platform in again. */
export const endIdleStrangers = `
  select pg_terminate_backend(pid)
  from pg_stat_activity
  where backend_type = 'client backend' and state = 'idle' and pid <> pg_backend_pid()
    and application_name not like 'sanctum-%'`;

/** Sessions of the platform that still hold settings of before; its pools open new ones. */
export const endPlatformSessions = `
  select pg_terminate_backend(pid)
  from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and application_name like 'sanctum-%'
    and application_name not like '%doctor%'`;

export const deadJobRows = `
  select jobs.id::text as id, jobs.task_identifier as task, jobs.attempts::int as attempts, jobs.last_error, jobs.created_at,
         details.payload
  from graphile_worker.jobs
  join graphile_worker._private_jobs details on details.id = jobs.id
  where jobs.locked_at is null and jobs.attempts >= jobs.max_attempts
  order by jobs.id
  limit 1000`;

/** One more attempt each, whatever their limit is. */
export const retryJobs = `
  select graphile_worker.reschedule_jobs(array_agg(id), run_at := now(), attempts := max_attempts - 1)
  from graphile_worker.jobs
  where id = any($1::bigint[]) and locked_at is null
  group by max_attempts`;

export const jobsStillThere = `select id::text as id from graphile_worker.jobs where id = any($1::bigint[])`;

export const setAsideJobs = `select (job).id::text as id from graphile_worker.complete_jobs($1::bigint[]) as job`;

export const releaseStuckJobs = `
  select graphile_worker.force_unlock_workers(array(
    select distinct locked_by from graphile_worker.jobs where locked_at < now() - interval '2 minutes' limit 1000
  ))`;
