/** One client backend or prepared transaction, as `pg_stat_activity` shows it. Ages in seconds. */
export interface Activity {
  pid: number;
  user: string | null;
  application: string;
  state: string | null;
  query: string;
  transaction_age_s: number | null;
  state_age_s: number | null;
  wait_age_s: number | null;
  /** Who this one waits for: process ids, 0 for a prepared transaction. Empty when it does not wait. */
  blocked_by: number[];
  /** The relation of the lock that is waited for. */
  waits_for: string | null;
}

// pg_blocking_pids takes every lock manager partition for a moment, so it is asked only for those who wait;
// it sees those who stand in the queue before a waiter as well as those who hold the lock.
export const clientActivity = `
  select a.pid, a.usename as "user", a.application_name as application, a.state, left(a.query, 2000) as query,
         extract(epoch from clock_timestamp() - a.xact_start)::float8 as transaction_age_s,
         extract(epoch from clock_timestamp() - a.state_change)::float8 as state_age_s,
         case when a.wait_event_type = 'Lock' then extract(epoch from clock_timestamp() - coalesce(w.waitstart, a.query_start))::float8 end as wait_age_s,
         case when a.wait_event_type = 'Lock' then pg_blocking_pids(a.pid) else '{}' end as blocked_by,
         w.relation as waits_for
  from pg_stat_activity a
  left join lateral (
    select l.relation::regclass::text as relation, l.waitstart
    from pg_locks l where l.pid = a.pid and not l.granted limit 1
  ) w on true
  where a.datname = current_database() and a.backend_type = 'client backend'`;

/** One statement on one line, short enough for a report. */
export function shortQuery(query: string): string {
  const line = query.replace(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 157)}…` : line || '(no statement)';
}

export function seconds(value: number | null): string {
  if (value === null) return 'an unknown time';
  return value < 120 ? `${value.toFixed(value < 10 ? 1 : 0)} s` : `${Math.round(value / 60)} min`;
}
