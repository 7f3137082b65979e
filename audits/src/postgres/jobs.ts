/** The queue of background jobs, as its worker (graphile-worker) keeps it, read once per review. */
import type { CheckContext } from '../check.ts';

export interface QueueGroup {
  readonly name: string;
  readonly jobs: number;
  readonly dead: number;
  readonly stuck: number;
  /** Ready to run for longer than the limit. */
  readonly overdue: number;
  readonly oldest_s: number;
}

/** No attempt may take longer than five minutes (`jobTimeoutMsMax`), and instances free what outlives that. */
export const stuckSeconds = 360;
/** A job that is due is taken within two seconds by an idle worker. */
export const overdueSeconds = 300;

const queueThere = `select to_regclass('graphile_worker.jobs') is not null as there`;

const groups = `
  select j.task_identifier as name, count(*)::int8 as jobs,
    count(*) filter (where j.locked_at is null and j.attempts >= j.max_attempts)::int8 as dead,
    count(*) filter (where j.locked_at < now() - $1::float8 * interval '1 second')::int8 as stuck,
    count(*) filter (where j.locked_at is null and j.attempts < j.max_attempts and j.run_at < now() - $2::float8 * interval '1 second')::int8 as overdue,
    coalesce(extract(epoch from now() - min(coalesce(j.locked_at, j.run_at))), 0)::float8 as oldest_s
  from graphile_worker.jobs j
  group by 1 order by 1`;

/** Jobs by name; undefined when this database has no queue. */
export function readQueue({ db, once }: Pick<CheckContext, 'db' | 'once'>): Promise<QueueGroup[] | undefined> {
  return once('postgres/jobs', async () => {
    const [found] = await db.query<{ there: boolean }>(queueThere);
    return found?.there === true ? db.query<QueueGroup>(groups, [stuckSeconds, overdueSeconds]) : undefined;
  });
}
