/** A job written by a statement of a feature's own, for what is known inside it alone. No entry of the catalogue stands here. */
import type { Job } from './define-job.ts';

/**
 * One job for each row of `from`; the part has to be read by the statement's end, else PostgreSQL leaves it out. `data` is an
 * expression of type json that fits the job's payload: the worker checks it.
 */
export function enqueueFrom({ name, attemptsMax }: Pick<Job, 'name' | 'attemptsMax'>, data: string, from: string): string {
  return `
    select job.id from ${from} cross join lateral graphile_worker.add_job(
      '${name}', payload := json_build_object('meta', json_build_object(), 'data', ${data}), max_attempts := ${attemptsMax}
    ) job`;
}
