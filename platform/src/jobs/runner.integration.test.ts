import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../test/harness/test-database.ts';
import { noFiles } from '../../test/harness/no-files.ts';
import { waitUntil } from '../../test/harness/wait-until.ts';
import { currentRequest, runInRequest } from '../telemetry/request-context.ts';
import { defineJob, type Job, jobTimeoutMsMax } from './define-job.ts';
import { enqueue } from './enqueue.ts';
import { addJob } from './jobs.queries.ts';
import type { QueueState } from './queue-look.ts';
import { createJobRunner, type JobRunner, type JobRunnerEvent } from './runner.ts';
import type { JobEvent } from './tasks.ts';

interface Heard {
  readonly requestId: string | undefined;
  readonly text: string;
}

describe('background jobs', () => {
  let database: TestDatabase;
  const runners: JobRunner[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((runner) => runner.stop()));
    await database.client.query('delete from graphile_worker._private_jobs');
  });
  afterAll(() => database.close());

  async function startRunner(
    jobs: readonly Job[],
    options: { wedgedAfterMs?: number; watchIntervalMs?: number; stopTimeoutMs?: number } = {},
  ) {
    const events: JobRunnerEvent[] = [];
    const ran: JobEvent[] = [];
    const states: QueueState[] = [];
    const runner = createJobRunner({
      db: database.db,
      databaseUrl: database.url,
      streams: { append: () => Promise.reject(new Error('these jobs tell nobody')) },
      files: noFiles,
      jobs,
      watchIntervalMs: 50,
      ...options,
      onEvent: (event) => events.push(event),
      onJob: (event) => ran.push(event),
      onQueueState: (state) => states.push(state),
    });
    runners.push(runner);
    await runner.start();
    return { runner, events, ran, states };
  }

  /** A retry is due e^attempt seconds later: the test moves the clock's hand instead of waiting. */
  async function makeDue(): Promise<void> {
    await database.client.query('update graphile_worker._private_jobs set run_at = now() where attempts > 0');
  }

  function talkingJob(heard: Heard[]) {
    return defineJob({
      name: 'talk',
      does: 'Is watched by a test.',
      payload: z.object({ text: z.string() }),
      attemptsMax: 3,
      timeoutMs: 5000,
      handler: async ({ text }) => {
        heard.push({ text, requestId: currentRequest()?.requestId });
      },
    });
  }

  it('runs what was enqueued, with the id of the request that asked for it', async () => {
    const heard: Heard[] = [];
    const job = talkingJob(heard);
    await startRunner([job]);
    await runInRequest({ requestId: 'request-7', statements: 0 }, () =>
      database.db.transaction((tx) => enqueue(tx, job, { text: 'hello' })),
    );
    await waitUntil('the job ran', () => heard.length === 1);
    expect(heard).toEqual([{ text: 'hello', requestId: 'request-7' }]);
  });

  it('knows nothing of a job whose transaction was rolled back', async () => {
    const heard: Heard[] = [];
    const job = talkingJob(heard);
    await startRunner([job]);
    const rolledBack = database.db.transaction(async (tx) => {
      await enqueue(tx, job, { text: 'never' });
      throw new Error('planted');
    });
    await expect(rolledBack).rejects.toThrow('planted');
    await database.db.transaction((tx) => enqueue(tx, job, { text: 'after' }));
    await waitUntil('the later job ran', () => heard.length > 0);
    expect(heard.map(({ text }) => text)).toEqual(['after']);
  });

  it('refuses a payload that does not fit, or is too large', async () => {
    const job = talkingJob([]);
    await expect(database.db.transaction((tx) => enqueue(tx, job, { text: 7 as never }))).rejects.toThrow('expected string');
    await expect(database.db.transaction((tx) => enqueue(tx, job, { text: 'x'.repeat(70_000) }))).rejects.toThrow(
      'store it and pass its id',
    );
  });

  it('replaces a waiting job of the same key', async () => {
    const heard: Heard[] = [];
    const job = talkingJob(heard);
    const later = new Date(Date.now() + 3_600_000);
    await database.db.transaction((tx) => enqueue(tx, job, { text: 'old' }, { jobKey: 'one', runAt: later }));
    await database.db.transaction((tx) => enqueue(tx, job, { text: 'new' }, { jobKey: 'one' }));
    await startRunner([job]);
    await waitUntil('the job ran', () => heard.length > 0);
    expect(heard.map(({ text }) => text)).toEqual(['new']);
  });

  it('tries again later, each time later, and ends as a visible dead letter', async () => {
    const job = defineJob({
      name: 'fail',
      does: 'Is watched by a test.',
      payload: z.object({}),
      attemptsMax: 3,
      timeoutMs: 5000,
      handler: async () => {
        throw new Error('planted failure');
      },
    });
    const { ran, states } = await startRunner([job]);
    await database.db.transaction((tx) => enqueue(tx, job, {}));
    const delays: number[] = [];
    for (const attempt of [1, 2]) {
      await waitUntil(`attempt ${attempt} failed`, () => ran.length === attempt);
      await waitUntil('the failure is written down', async () => {
        const { rows } = await database.client.query(
          'select extract(epoch from run_at - now())::float8 as delay from graphile_worker.jobs where locked_at is null and attempts = $1',
          [attempt],
        );
        if (rows.length === 1) delays.push(rows[0].delay);
        return rows.length === 1;
      });
      await makeDue();
    }
    await waitUntil('the last attempt failed', () => ran.length === 3);
    expect(ran.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'dead']);
    expect(delays[0]).toBeGreaterThan(1);
    expect(delays[1]).toBeGreaterThan(delays[0] ?? Number.POSITIVE_INFINITY);
    await waitUntil('the dead job is counted', () => states.at(-1)?.dead === 1);
    const { rows } = await database.client.query('select task_identifier, attempts, last_error from graphile_worker.jobs');
    expect(rows).toEqual([{ task_identifier: 'fail', attempts: 3, last_error: 'planted failure' }]);
  });

  it('ends an attempt whose time is over', async () => {
    const job = defineJob({
      name: 'hang',
      does: 'Is watched by a test.',
      payload: z.object({}),
      attemptsMax: 1,
      timeoutMs: 100,
      handler: () => new Promise<void>(() => {}),
    });
    const { ran } = await startRunner([job]);
    await database.db.transaction((tx) => enqueue(tx, job, {}));
    await waitUntil('the attempt ended', () => ran.length === 1);
    expect(ran[0]).toMatchObject({ outcome: 'dead' });
    expect(String(ran[0]?.error)).toContain('its 100 ms were over');
  });

  it('does not run a payload that an older version stored in another form', async () => {
    const heard: Heard[] = [];
    const { ran } = await startRunner([talkingJob(heard)]);
    await database.db.run(addJob, {
      name: 'talk',
      envelope: JSON.stringify({ meta: {}, data: { words: 1 } }),
      runAt: null,
      attemptsMax: 1,
      jobKey: null,
    });
    await waitUntil('the attempt failed', () => ran.length === 1);
    expect(ran[0]?.outcome).toBe('dead');
    expect(heard).toEqual([]);
  });

  it('stops within its bound although a handler does not listen, and the job is not lost', async () => {
    let started = 0;
    const job = defineJob({
      name: 'deaf',
      does: 'Is watched by a test.',
      payload: z.object({}),
      attemptsMax: 5,
      timeoutMs: jobTimeoutMsMax,
      handler: () => {
        started += 1;
        return new Promise<void>(() => {});
      },
    });
    const { runner } = await startRunner([job], { stopTimeoutMs: 1000 });
    await database.db.transaction((tx) => enqueue(tx, job, {}));
    await waitUntil('the handler runs', () => started === 1);
    // That it stops at all: the handler has longer than this test.
    await runner.stop();
    expect(runner.state()).toBe('stopped');
    const { rows } = await database.client.query('select attempts, max_attempts from graphile_worker.jobs');
    expect(rows).toEqual([{ attempts: 1, max_attempts: 5 }]);
  });

  it('frees and runs the job of a process that died in the middle of it', async () => {
    const heard: Heard[] = [];
    const job = talkingJob(heard);
    await database.db.transaction((tx) => enqueue(tx, job, { text: 'orphan' }));
    await database.client.query(
      "update graphile_worker._private_jobs set locked_at = now() - interval '1 minute', locked_by = 'worker-dead', attempts = 1",
    );
    const { events } = await startRunner([job]);
    await waitUntil('the job ran', () => heard.length === 1);
    expect(events).toContainEqual({ kind: 'abandoned-released', count: 1 });
  });

  it('replaces a worker that takes no job while jobs wait', async () => {
    const { events } = await startRunner([talkingJob([])], { wedgedAfterMs: 300 });
    await database.client.query("select graphile_worker.add_job('talk', queue_name := 'stuck')");
    await database.client.query("update graphile_worker._private_job_queues set locked_at = now(), locked_by = 'worker-dead'");
    await waitUntil('the worker was replaced', () => events.filter(({ kind }) => kind === 'started').length >= 2);
    expect(events.map(({ kind }) => kind)).toContain('wedged');
  });

  it('leaves the worker alone when only another version could run the job that waits', async () => {
    const unknown = defineJob({
      name: 'nobody_runs_this',
      does: 'Is watched by a test.',
      payload: z.object({}),
      attemptsMax: 1,
      timeoutMs: 1000,
      handler: async () => {},
    });
    const { events, states } = await startRunner([talkingJob([])], { wedgedAfterMs: 100 });
    await database.db.transaction((tx) => enqueue(tx, unknown, {}));
    await waitUntil('it was looked at ten times', () => states.filter(({ ready }) => ready === 1).length >= 10);
    expect(events.map(({ kind }) => kind)).toEqual(['started']);
  });

  it('schedules the jobs that run by themselves, once for several processes', async () => {
    const cron = defineJob({
      name: 'by_itself',
      does: 'Is watched by a test.',
      cron: '* * * * *',
      payload: z.object({}),
      attemptsMax: 1,
      timeoutMs: 1000,
      handler: async () => {},
    });
    await Promise.all([startRunner([cron]), startRunner([cron])]);
    await waitUntil('it is known to the clock', async () => {
      const { rows } = await database.client.query("select 1 from graphile_worker._private_known_crontabs where identifier = 'by_itself'");
      return rows.length === 1;
    });
  });
});
