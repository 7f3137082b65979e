/**
 * One background job: its name, what it is told, how often it may be tried, how long one try may take. Jobs are declared in
 * `<feature>.jobs.ts`; job-catalogue.ts lists them all, and docs/jobs.md is written from it.
 *
 * A failed attempt is repeated after e^attempt seconds (2.7 s, 7.4 s, 20 s, … at most 6 h; the worker's own rule,
 * https://worker.graphile.org/docs/exponential-backoff). After `attemptsMax` the job stays as a dead letter, is counted in
 * the metrics and listed by sanctum-ops doctor. A handler has to be safe to repeat: a process may die after the work
 * and before the note that it is done.
 */
import type { z } from 'zod';
import type { Database } from '../db/database.ts';
import type { Files } from '../files/files.ts';
import type { Streams } from '../streams/streams.ts';

export interface JobContext {
  /** Counts as background, whatever runs on it. */
  readonly db: Database;
  /** For what the job has to tell people, in the transaction that makes it so. */
  readonly streams: Pick<Streams, 'append'>;
  readonly files: Files;
  /** Aborted when the time of this attempt is over or the process is shutting down. */
  readonly signal: AbortSignal;
  readonly attempt: number;
}

export interface JobDeclaration<P> {
  readonly name: string;
  /** One sentence for docs/jobs.md: what it does, and what waits for it. */
  readonly does: string;
  readonly payload: z.ZodType<P>;
  readonly attemptsMax: number;
  /** Longest attempt. Past it the attempt has failed, whatever its handler still does. */
  readonly timeoutMs: number;
  /** When it runs by itself, as a crontab pattern in UTC. Its payload is then the empty object. */
  readonly cron?: string;
  readonly handler: (payload: P, context: JobContext) => Promise<void>;
}

/** A type-erased job, as the worker sees it. */
export interface Job extends Omit<JobDeclaration<unknown>, 'handler'> {
  readonly handler: (payload: never, context: JobContext) => Promise<void>;
}

/** Longest attempt any job may declare: what a job's lock may outlive its process by. */
export const jobTimeoutMsMax = 300_000;

/** Declares a job. Throws at start-up when a number is out of range. */
export function defineJob<P>(declaration: JobDeclaration<P>): JobDeclaration<P> {
  const { name, does, attemptsMax, timeoutMs } = declaration;
  if (!/^[a-z]+(_[a-z]+)*$/.test(name)) throw new Error(`job "${name}": write the name as snake_case words`);
  if (does.trim() === '') throw new Error(`job "${name}": say in "does" what it does; docs/jobs.md shows it`);
  if (!Number.isInteger(attemptsMax) || attemptsMax < 1 || attemptsMax > 25)
    throw new Error(`job "${name}": attemptsMax is a whole number from 1 to 25`);
  if (timeoutMs < 100 || timeoutMs > jobTimeoutMsMax) throw new Error(`job "${name}": timeoutMs lies between 100 and ${jobTimeoutMsMax}`);
  return declaration;
}
