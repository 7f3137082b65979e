/** The worker's tables; what is changed goes through its own functions. */
export const hasQueue = `select to_regclass('graphile_worker.jobs') is not null as has_queue`;

const state = `case
    when j.locked_at is not null then 'running'
    when j.attempts >= j.max_attempts then 'dead'
    when j.attempts > 0 then 'failed'
    else 'waiting'
  end`;

export const countJobs = `
  select ${state} as state, count(*)::int as count
  from graphile_worker.jobs j
  where $1::text is null or j.task_identifier = $1
  group by 1`;

/** The payload leaves the server as the ids in it and nothing else. */
export const listJobs = `
  select j.id::text as id, j.task_identifier as name, ${state} as state, j.attempts::int as attempts, j.max_attempts::int as attempts_max,
    j.created_at, j.run_at, j.locked_at, j.last_error as error,
    (
      select coalesce(json_object_agg(told.key, told.value #>> '{}'), '{}')
      from json_each(case when json_typeof(details.payload -> 'data') = 'object' then details.payload -> 'data' else '{}' end) told
      where told.key ~ '^[A-Za-z]{0,30}[iI]d$' and told.value #>> '{}' ~ '^([0-9]{1,19}|[0-9a-f-]{36})$'
    ) as subject,
    case when details.payload #>> '{meta,requestId}' ~ '^[0-9A-Za-z-]{1,64}$' then details.payload #>> '{meta,requestId}' end as request_id
  from graphile_worker.jobs j
  join graphile_worker._private_jobs details on details.id = j.id
  where ($1::text is null or j.task_identifier = $1) and ($2::text is null or ${state} = $2)
  order by case ${state} when 'dead' then 0 when 'running' then 1 when 'failed' then 2 else 3 end, j.id
  limit $3`;

/** Of those that were named, or of all dead ones: what can be changed now. */
export const changeableJobs = `
  select j.id::text as id, j.task_identifier as name, ${state} as state
  from graphile_worker.jobs j
  where j.locked_at is null and case when $1::bigint[] is null then j.attempts >= j.max_attempts else j.id = any($1) end
    and ($2::text is null or j.task_identifier = $2)
  order by j.id
  limit $3`;

/** At once. A dead one gets one more attempt, the others keep theirs. */
export const retryJobs = `
  select again.id::text as id
  from (
    select array_agg(j.id) as ids, least(j.attempts, j.max_attempts - 1)::int as attempts
    from graphile_worker.jobs j where j.id = any($1::bigint[]) and j.locked_at is null
    group by 2
  ) chosen
  cross join lateral graphile_worker.reschedule_jobs(chosen.ids, run_at := now(), attempts := chosen.attempts) again`;

export const discardJobs = `
  select (gone).id::text as id from graphile_worker.complete_jobs($1::bigint[]) gone`;
