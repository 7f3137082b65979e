/** Opens the stores, builds the app, listens, and closes all of it again. */
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { instanceName } from '@sanctum/migrations/instances';
import { type App, buildApp } from './app.ts';
import type { Config } from './config/config.ts';
import { createDatabase, type Database } from './db/database.ts';
import { openShares, shares } from './db/kinds.ts';
import { jobCatalogue } from './job-catalogue.ts';
import { openJobs } from './jobs/open-jobs.ts';
import { prepareQueue } from './jobs/queue-schema.ts';
import type { JobRunner } from './jobs/runner.ts';
import { createStore } from './redis/create-store.ts';
import type { Store } from './redis/store.ts';
import { createShutdown } from './shutdown.ts';
import { type Logger, logSlowQuery } from './telemetry/logging.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import type { Tracing } from './telemetry/tracing.ts';

const jobsAfterMs = 250;

/**
 * `schemaHead` is the number of the latest migration that this code knows; `assertSchema` rejects where the database is not at it.
 * Returns when the server listens and its jobs run.
 */
export async function serve(config: Config, logger: Logger, schemaHead: number, assertSchema: () => Promise<void>): Promise<void> {
  const metrics = createMetrics({ processMetrics: true });
  const db = openDatabase(config, logger, metrics, schemaHead);
  const [store, tracing] = await Promise.all([openStore(config, logger, metrics), openTracing(config)]);
  let jobs: JobRunner | undefined;
  let shuttingDown = false;
  const app = await buildApp({ config, db, store, logger, metrics, schemaHead, isShuttingDown: () => shuttingDown });
  const shutdown = createShutdown({
    app,
    logger,
    propagationMs: config.shutdownPropagationMs,
    timeoutMs: config.shutdownTimeoutMs,
    onStart: () => {
      shuttingDown = true;
    },
    close: async () => {
      await jobs?.stop();
      await store.close();
      await db.close();
      await tracing?.close();
    },
  });
  await assertSchema();
  await prepareQueue(db, config.databaseUrl);
  shutdown.listen();
  await listen(app, config);
  logger.info({ url: urlOf(app), profile: config.profile, store: store.kind, start_ms: Math.round(performance.now()) }, 'listening');
  if (config.jobsEnabled) {
    // The worker's library is loaded in one piece, for a tenth of the start: whoever waited for the port is answered first.
    await wait(jobsAfterMs);
    if (shuttingDown) return;
    jobs = await openJobs({ config, db, logger, metrics, streams: app.streams, files: app.files, jobs: jobCatalogue });
    if (shuttingDown) return;
    await jobs.start();
  }
  if (tracing !== undefined) await proveTraces(tracing, app, logger, metrics);
}

function openDatabase(config: Config, logger: Logger, metrics: Metrics, schemaHead: number): Database {
  return createDatabase({
    url: config.databaseUrl,
    poolMax: config.databasePoolMax,
    waitersMax: config.databaseWaitersMax,
    connectTimeoutMs: config.databaseConnectTimeoutMs,
    statementTimeoutMs: config.databaseStatementTimeoutMs,
    lockTimeoutMs: config.databaseLockTimeoutMs,
    // The port tells whoever looks at the database where this instance answers.
    applicationName: `${instanceName(schemaHead)} :${config.port}`,
    onQuery: (event) => {
      metrics.queryDuration.observe({ query: event.name }, event.durationMs / 1000);
      if (event.rows > 0) metrics.queryRows.inc({ query: event.name }, event.rows);
      if (event.cancelled !== undefined) metrics.queriesCancelled.inc({ query: event.name, reason: event.cancelled });
      if (event.outcome === 'error') metrics.queryErrors.inc({ query: event.name, sqlstate: event.sqlState?.slice(0, 2) ?? 'none' });
      if (event.durationMs <= event.budgetMs) return;
      metrics.queriesSlow.inc({ query: event.name });
      logSlowQuery(logger, event);
    },
    shares: config.databaseBulkheads ? shares : openShares,
    onRefused: (kind) => metrics.bulkheadRefused.inc({ kind }),
    onIdleError: (error) => {
      metrics.poolIdleErrors.inc();
      logger.warn({ error }, 'an idle database connection broke; the pool replaces it');
    },
    onAfterCommitFailed: (error) => {
      metrics.afterCommitFailures.inc();
      logger.error({ error }, 'what was to follow a commit failed; the commit stands');
    },
  });
}

function openStore(config: Config, logger: Logger, metrics: Metrics): Promise<Store> {
  const kind = config.redisUrl === undefined ? 'in-process' : 'redis';
  return createStore({
    redisUrl: config.redisUrl,
    onCommand: (event) => {
      if (event.outcome === 'error') metrics.storeErrors.inc({ store: kind });
    },
    onError: (error) => logger.debug({ error }, 'store connection'),
    onStateChange: (open) => {
      metrics.storeBreakerOpen.set(open ? 1 : 0);
      if (open) logger.warn('the store is given up for now; everything goes on without it');
      else logger.info('the store is back');
    },
  });
}

async function openTracing(config: Config): Promise<Tracing | undefined> {
  if (config.otelEndpoint === undefined) return undefined;
  const { startTracing } = await import('./telemetry/tracing.ts');
  return startTracing({ endpoint: config.otelEndpoint, sampleRatio: config.traceSampleRatio, instance: `${hostname()}:${process.pid}` });
}

/** One request of our own; a trace with holes is worse than none, because it is believed. */
async function proveTraces(tracing: Tracing, app: App, logger: Logger, metrics: Metrics): Promise<void> {
  const { passed, missing } = await tracing.selfTest((traceparent) => app.inject({ url: '/ready', headers: { traceparent } }));
  metrics.traceSelfTest.set(passed ? 1 : 0);
  if (passed) logger.info('traces: the spans of http, database and store arrive');
  else
    logger.error(
      { missing },
      'TRACES ARE BROKEN: the start-up request produced no span of these layers; traces cannot be trusted until this is gone',
    );
}

async function listen(app: App, config: Config): Promise<void> {
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new Error(
        `port ${config.port} on ${config.host} is taken. Find its owner with "npx sanctum-ops doctor", or choose another: PORT=${config.port + 1}`,
        { cause: error },
      );
    if (code === 'EACCES')
      throw new Error(`port ${config.port} may not be opened by this user. Choose one above 1023: PORT=8375`, { cause: error });
    if (code === 'EADDRNOTAVAIL')
      throw new Error(`${config.host} is not an address of this machine. Set HOST=127.0.0.1, or HOST=0.0.0.0 for all`, { cause: error });
    throw error;
  }
}

function urlOf(app: App): string {
  const address = app.server.address();
  if (address === null || typeof address === 'string') return String(address);
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
