/** What `sanctum-ops jobs` gives back. Of what a job is told nothing is shown but ids. */
import type { jobStates } from './jobs.arguments.ts';

/** waiting: never failed. running: a worker holds it. failed: tried again later. dead: used up its attempts. */
export type JobState = (typeof jobStates)[number];

export interface ListedJob {
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  readonly attempts: number;
  readonly attemptsMax: number;
  readonly createdAt: string;
  readonly runAt: string;
  readonly lockedAt: string | null;
  /** First line of the last error, without what stands in quotes and brackets. */
  readonly error: string | null;
  /** Ids in what it is told, by name. */
  readonly subject: Readonly<Record<string, string>>;
  readonly requestId: string | null;
}

export interface JobsDocument {
  readonly counts: Readonly<Record<JobState, number>>;
  readonly jobs: readonly ListedJob[];
  /** There are more of the kind that was asked for. */
  readonly hasMore: boolean;
}

export interface ChangedJobsDocument {
  readonly dryRun: boolean;
  readonly done: readonly string[];
  /** Not there, or held by a worker at this moment. */
  readonly left: readonly string[];
}
