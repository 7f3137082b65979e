/** What doctor asks a database; each is one short read. */

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

export const oldestIdleTransaction = `
  select pid,
         coalesce(application_name, '') as application,
         left(query, 120) as query,
         extract(epoch from clock_timestamp() - state_change)::int as seconds
  from pg_stat_activity
  where state like 'idle in transaction%' and state_change < clock_timestamp() - interval '30 seconds'
  order by state_change
  limit 1`;

export const connectionUse = `
  select count(*)::int as used, current_setting('max_connections')::int as allowed
  from pg_stat_activity
  where backend_type = 'client backend'`;
