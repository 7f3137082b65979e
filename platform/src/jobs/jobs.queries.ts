/** The worker keeps its tables in the schema graphile_worker; these statements use its public functions and views only. */
import { z } from 'zod';
import { defineQuery } from '../db/query.ts';

export const addJob = defineQuery({
  name: 'jobs.add_job',
  access: 'write',
  params: { name: 'text', envelope: 'json', runAt: 'timestamptz?', attemptsMax: 'integer', jobKey: 'text?' },
  text: `
    select job.id::text as id
    from graphile_worker.add_job(
      $1::text, payload := $2::json, run_at := $3::timestamptz, max_attempts := $4::integer, job_key := $5::text
    ) as job`,
  budgetMs: 20,
  usesIndex: [],
  sample: { name: 'sample', envelope: '{}', runAt: null, attemptsMax: 1, jobKey: null },
  row: z.object({ id: z.string() }),
});

export const queueExists = defineQuery({
  name: 'jobs.queue_exists',
  access: 'write',
  params: {},
  text: `select to_regproc('graphile_worker.add_job') is not null as exists`,
  budgetMs: 50,
  usesIndex: [],
  sample: {},
  row: z.object({ exists: z.boolean() }),
});

export const queueState = defineQuery({
  name: 'jobs.queue_state',
  access: 'write',
  // The jobs this version knows: one that only a newer version can run is not a sign of trouble here.
  params: { known: 'text[]' },
  text: `
    select
      count(*) filter (where locked_at is null and attempts < max_attempts and run_at <= now())::integer as ready,
      count(*) filter (where locked_at is null and attempts < max_attempts and run_at > now())::integer as scheduled,
      count(*) filter (where locked_at is not null)::integer as running,
      count(*) filter (where locked_at is null and attempts >= max_attempts)::integer as dead,
      coalesce(extract(epoch from now() - min(run_at) filter (
        where locked_at is null and attempts < max_attempts and run_at <= now() and task_identifier = any ($1::text[])
      )), 0)::double precision as oldest_ready_seconds
    from graphile_worker.jobs`,
  budgetMs: 100,
  usesIndex: [],
  sample: { known: ['sample'] },
  row: z.object({
    ready: z.number().int(),
    scheduled: z.number().int(),
    running: z.number().int(),
    dead: z.number().int(),
    oldest_ready_seconds: z.number(),
  }),
});

/**
 * Frees the jobs of workers that died: no attempt lives as long as their oldest lock is old. A lock names its worker, not
 * its job, so everything such a worker held is freed. Returns how many locks were that old.
 */
export const releaseAbandoned = defineQuery({
  name: 'jobs.release_abandoned',
  access: 'write',
  params: { olderThanSeconds: 'double precision' },
  text: `
    with abandoned as materialized (
      select locked_by from graphile_worker.jobs
      where locked_at < now() - $1::double precision * interval '1 second'
      limit 1000
    )
    select count(*)::integer as count,
      (select graphile_worker.force_unlock_workers(array_agg(locked_by)) from abandoned having count(*) > 0)::text as done
    from abandoned`,
  budgetMs: 100,
  usesIndex: [],
  sample: { olderThanSeconds: 1e9 },
  row: z.object({ count: z.number().int(), done: z.string().nullable() }),
});
