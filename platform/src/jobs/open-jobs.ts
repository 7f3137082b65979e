/** The job runner of a serving process, wired to its metrics and log. The worker's library is loaded here, not at the start. */
import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../telemetry/logging.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Job, JobContext } from './define-job.ts';
import type { JobRunner } from './runner.ts';

export interface OpenJobsDependencies {
  readonly config: Config;
  readonly db: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly streams: JobContext['streams'];
  readonly files: JobContext['files'];
  readonly jobs: readonly Job[];
}

const millisecondsPerSecond = 1000;

export async function openJobs({ config, db, logger, metrics, streams, files, jobs }: OpenJobsDependencies): Promise<JobRunner> {
  const { createJobRunner } = await import('./runner.ts');
  return createJobRunner({
    db: db.as('background'),
    databaseUrl: config.databaseUrl,
    streams,
    files,
    jobs,
    concurrency: config.jobsConcurrency,
    onJob: ({ name, requestId, attempt, durationMs, outcome, error }) => {
      metrics.jobsFinished.inc({ job: name, outcome });
      metrics.jobDuration.observe({ job: name }, durationMs / millisecondsPerSecond);
      const line = { job: name, request_id: requestId, attempt, outcome, duration_ms: Math.round(durationMs) };
      if (outcome === 'ok') logger.info(line, 'job');
      else logger.error({ ...line, error }, outcome === 'dead' ? 'a job used up its attempts' : 'a job failed and will be tried again');
    },
    onQueueState: ({ ready, dead, oldestReadySeconds }) => {
      metrics.jobsReady.set(ready);
      metrics.jobsDead.set(dead);
      metrics.jobsOldestSeconds.set(oldestReadySeconds);
    },
    onEvent: ({ kind, error, count }) => {
      const line = { event: kind, ...(count === undefined ? {} : { count }), ...(error === undefined ? {} : { error }) };
      if (kind === 'started' || kind === 'abandoned-released') logger.info(line, 'job worker');
      else logger.warn(line, 'job worker');
    },
  });
}
