/**
 * Every background job, by name. Each feature adds its jobs module here; a test holds the list equal to the *.jobs.ts files
 * there are.
 */
import * as feedJobs from './features/feeds/feeds.jobs.ts';
import * as friendJobs from './features/friends/friends.jobs.ts';
import * as imageJobs from './features/images/images.jobs.ts';
import * as invitationJobs from './features/memberships/invitations.jobs.ts';
import * as notificationJobs from './features/notifications/notifications.jobs.ts';
import * as rankRewriteJobs from './features/sanctums/rank-rewrites.jobs.ts';
import * as sessionJobs from './features/sessions/sessions.jobs.ts';
import * as idempotencyJobs from './http/routes/idempotency.jobs.ts';
import * as ticketJobs from './sockets/tickets.jobs.ts';
import * as streamJobs from './streams/streams.jobs.ts';
import type { Job } from './jobs/define-job.ts';

type JobsModule = Readonly<Record<string, unknown>>;

const modules: readonly JobsModule[] = [
  imageJobs,
  feedJobs,
  friendJobs,
  invitationJobs,
  notificationJobs,
  rankRewriteJobs,
  sessionJobs,
  idempotencyJobs,
  streamJobs,
  ticketJobs,
];

function isJob(value: unknown): value is Job {
  return typeof value === 'object' && value !== null && 'handler' in value && 'attemptsMax' in value;
}

/** All jobs, sorted by name. Throws when two share a name: the worker would give one the payload of the other. */
export function collectJobs(from: readonly JobsModule[]): readonly Job[] {
  const jobs = from.flatMap((module) => Object.values(module)).filter(isJob);
  const seen = new Set<string>();
  for (const job of jobs) {
    if (seen.has(job.name)) throw new Error(`two jobs are named "${job.name}": rename one`);
    seen.add(job.name);
  }
  return jobs.sort((left, right) => (left.name < right.name ? -1 : 1));
}

export const jobCatalogue: readonly Job[] = collectJobs(modules);
