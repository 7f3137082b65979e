/** The worker against a PostgreSQL that dies hard and comes back. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { EmbeddedPostgres } from '../../local/postgres-types.ts';
import { createEmbeddedPostgres } from '../../local/postgres.ts';
import { noFiles } from '../../test/harness/no-files.ts';
import { waitUntil } from '../../test/harness/wait-until.ts';
import { createDatabase } from '../db/database.ts';
import { defineJob } from './define-job.ts';
import { enqueue } from './enqueue.ts';
import { createJobRunner, type JobRunnerEvent } from './runner.ts';

let folder: string;
let server: EmbeddedPostgres;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sanctum-postgres-crash-'));
  chmodSync(folder, 0o755);
  server = createEmbeddedPostgres({
    dataDir: join(folder, 'data'),
    logFile: join(folder, 'postgres.log'),
    password: randomBytes(18).toString('base64url'),
    sync: false,
  });
  await server.initialise();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('runs every committed job once PostgreSQL is back from an immediate stop, waiting ones and those it was running', async () => {
  const { url, pid } = await server.start();
  const db = createDatabase({
    url,
    poolMax: 3,
    waitersMax: 20,
    connectTimeoutMs: 2000,
    statementTimeoutMs: 5000,
    lockTimeoutMs: 2000,
    applicationName: 'sanctum-test',
    checkRows: true,
    onIdleError: () => {},
  });
  const ran: number[] = [];
  let interruptedCount = 0;
  const { promise: interrupted, resolve: letGo } = Promise.withResolvers<void>();
  const job = defineJob({
    name: 'count',
    does: 'Is watched by a test.',
    payload: z.object({ number: z.number() }),
    attemptsMax: 10,
    timeoutMs: 5000,
    handler: async ({ number }, { attempt }) => {
      if (number < 2 && attempt === 1) {
        interruptedCount += 1;
        await interrupted;
        if (number === 1) throw new Error('planted');
      }
      ran.push(number);
    },
  });
  const events: JobRunnerEvent[] = [];
  let failedAttempts = 0;
  const runner = createJobRunner({
    db,
    databaseUrl: url,
    streams: { append: () => Promise.reject(new Error('this job tells nobody')) },
    files: noFiles,
    jobs: [job],
    watchIntervalMs: 100,
    onEvent: (event) => events.push(event),
    onJob: ({ outcome }) => (failedAttempts += outcome === 'ok' ? 0 : 1),
  });
  try {
    await runner.start();
    await db.transaction(async (tx) => {
      // One succeeds and one fails while nothing can be written down.
      for (const number of [0, 1]) await enqueue(tx, job, { number });
      for (let number = 2; number <= 20; number += 1) await enqueue(tx, job, { number }, { runAt: new Date(Date.now() + 3000) });
    });
    await waitUntil('the worker is in the middle of two jobs', () => interruptedCount === 2);
    process.kill(pid, 'SIGQUIT'); // PostgreSQL's immediate shutdown: no checkpoint, connections cut.
    await waitUntil('it is gone', async () => (await server.status()).state === 'stopped');
    await waitUntil('the watch noticed', () => events.some(({ kind }) => kind === 'watch-failed' || kind === 'worker-ended'));
    letGo();
    await waitUntil('the worker could not write down how they ended', () => events.some(({ kind }) => kind === 'worker-ended'));
    await server.start();
    await waitUntil('every job ran', () => new Set(ran).size === 21);
    expect(failedAttempts).toBe(1);
    expect(runner.state()).toBe('running');
  } finally {
    await runner.stop();
    await db.close();
  }
});
