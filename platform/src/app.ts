/**
 * The composition root: every wire of the platform is visible here. Nothing in this file decides anything about the
 * product; it creates services from what they need and hands their routes to the server.
 */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config/config.ts';
import type { Database } from './db/database.ts';
import { deriveKey } from './derived-keys.ts';
import { createChat } from './chat.ts';
import { createCommunity } from './community.ts';
import { createEvents, type Delivery, type Events } from './events/events.ts';
import { createNotify } from './features/notifications/notify.ts';
import { createApiPageRoutes } from './http/routes/api-pages.ts';
import { registerCors } from './http/server/cors.ts';
import { createCursors } from './api/cursor.ts';
import { registerEntrance } from './http/server/entrance.ts';
import { createHealthRoutes } from './http/routes/health.ts';
import { createHostGuard } from './http/server/hosts.ts';
import { createIdempotency } from './http/routes/idempotency.ts';
import { createLoadShedding, type LoadShedding } from './http/server/load-shedding.ts';
import { createOperationsAccess } from './http/routes/operations-access.ts';
import { createMetricsRoute } from './http/routes/operations-routes.ts';
import { createAllowedMethods } from './http/server/paths.ts';
import { createPlatformRateLimiter } from './limits/rate-limiter.ts';
import { createPlatformTurns } from './limits/turns.ts';
import { createRefusals } from './http/server/refusals.ts';
import { registerRoutes } from './http/routes/register-routes.ts';
import { registerLifecycle } from './http/server/request-lifecycle.ts';
import type { Route } from './http/routes/route.ts';
import { createSecurityHeaders } from './http/server/security-headers.ts';
import { createServer } from './http/server/server.ts';
import { registerStaticFiles } from './http/web/static-files.ts';
import { registerWebApp } from './http/web/web-app.ts';
import { createIdentity, type Identity } from './identity.ts';
import { createPeople, type People } from './people.ts';
import type { Presence } from './presence/presence.ts';
import { createRealtime, isUpgradeOfOurs, type Realtime } from './realtime.ts';
import { type Cache, createCache } from './redis/cache.ts';
import type { Store } from './redis/store.ts';
import { createFiles } from './files/create-files.ts';
import type { Files } from './files/files.ts';
import type { Streams } from './streams/streams.ts';
import type { Logger } from './telemetry/logging.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { createMarkdownPool, type MarkdownPool } from './text/markdown-pool.ts';

export interface AppDependencies {
  readonly config: Config;
  readonly db: Database;
  readonly store: Store;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Number of the latest migration this code was written for. */
  readonly schemaHead: number;
  readonly isShuttingDown?: () => boolean;
  /** Folder of the built web app; platform/web/dist when left out. */
  readonly webFolder?: string;
  /** A request ran more statements than its route declares; tests throw. */
  readonly onBudgetExceeded?: (route: string, statements: number, statementsMax: number) => void;
}

/** The server, not yet listening. `routes` are the declarations, for the matrix tests and the API document. */
export interface App extends FastifyInstance {
  readonly routes: readonly Route[];
  readonly streams: Streams;
  readonly files: Files;
  /** Who is here: told by whatever holds connections. */
  readonly presence: Presence;
  readonly sockets: Realtime['sockets'];
}

export async function buildApp(deps: AppDependencies): Promise<App> {
  const { config, db, store, logger, metrics } = deps;
  const https = config.profile !== 'development';
  const headers = createSecurityHeaders({ https });
  const limiter = createPlatformRateLimiter({ store, factor: config.rateLimitFactor });
  const cursors = createCursors({ key: deriveKey(config.jwtSecret, 'cursor') });
  const cache = createCache({ store, onEvent: ({ key, outcome }) => metrics.cacheReads.inc({ key, result: outcome }) });

  // Who hears of what. Empty: announced, and nobody has to know it at once.
  const events: Events = createEvents({
    onDelivery: watchDeliveries(deps),
    subscribers: {
      accountRegistered: { forgetProfile: ({ username }) => identity.users.forget(username) },
      accountSuspended: {},
      sessionsEnded: {
        refuseSessions: ({ sessionIds }) => identity.revocations.add(sessionIds),
        endConnections: () => realtime.sockets.endEnded(),
      },
      postRemoved: { forgetSharedFeeds: () => community.feeds.forgetShared() },
      sanctumHidden: { forgetSharedFeeds: () => community.feeds.forgetShared() },
      sanctumShown: {},
      memberJoined: {},
      memberLeft: {},
      memberBanned: {},
      blocksChanged: { forgetHidden: ({ userIds }) => people.blocks.forget(userIds) },
    },
  });

  const identity = createIdentity({ config, db, limiter, cache, events, logger, https });
  const realtime = createRealtime({
    ...deps,
    limiter,
    standings: identity.revocations,
    presence: { connected: (userId) => people.presence.connected(userId), disconnected: (userId) => people.presence.disconnected(userId) },
    // Who may follow a conversation, a sanctum, a room: each feature has its own rule.
    mayFollow: { conversation: (userId, id) => chat.mayRead(userId, id) },
    hiddenFrom: (userId, { fresh }) => people.hiddenFrom(userId, fresh),
    isShuttingDown: deps.isShuttingDown ?? (() => false),
  });
  const notify = createNotify();
  const people = createPeople({ db, store, logger, cursors, cache, events, notify, streams: realtime.streams });
  // What has to run in the background starts in onReady and ends in onClose, below.
  const markdown = createMarkdownPool({ onRender: (outcome) => metrics.textRenders.inc({ outcome }) });
  const community = createCommunity({ db, cursors, cache, events, limiter, markdown, notify, streams: realtime.streams });
  const files = createFiles(config);
  const chat = createChat({ db, cursors, streams: realtime.streams, files });

  const mayLook = createOperationsAccess(config);
  const routes: Route[] = [
    ...createHealthRoutes({
      db,
      store,
      schemaHead: deps.schemaHead,
      isShuttingDown: deps.isShuttingDown ?? (() => false),
      mayLook,
      onProbe: (ready) => metrics.processReady.set(ready ? 1 : 0),
    }),
    createMetricsRoute({ metrics, mayLook }),
    ...createApiPageRoutes({ headers, routes: () => routes }),
    // Routes of the features.
    ...identity.routes,
    ...realtime.routes,
    ...community.routes,
    ...people.routes,
    ...chat.routes,
  ];

  return await openServer(deps, { routes, identity, people, realtime, limiter, headers, events, cache, markdown, files });
}

/** What requests are answered with, behind everything that each of them passes. */
interface Parts {
  readonly routes: Route[];
  readonly identity: Identity;
  readonly people: People;
  readonly realtime: Realtime;
  readonly limiter: ReturnType<typeof createPlatformRateLimiter>;
  readonly headers: ReturnType<typeof createSecurityHeaders>;
  readonly events: Events;
  readonly cache: Cache;
  readonly markdown: MarkdownPool;
  readonly files: Files;
}

async function openServer(
  deps: AppDependencies,
  { routes, identity, people, realtime, limiter, headers, events, cache, markdown, files }: Parts,
): Promise<App> {
  const { config, db, logger, metrics } = deps;
  const refusals = createRefusals({ headers: headers.api, methodsOf: createAllowedMethods(routes), logger, metrics });
  const app = createServer({ config, logger, refusals, isUpgrade: isUpgradeOfOurs });
  const shedding = watchLoad(deps);
  const lifecycle = registerLifecycle(app, {
    logger,
    metrics,
    headers: headers.api,
    tracing: config.otelEndpoint !== undefined,
    onBudgetExceeded: (route, statements, statementsMax) => deps.onBudgetExceeded?.(route, statements, statementsMax),
  });
  registerEntrance(app, { refusals, hosts: createHostGuard(config), lifecycle });
  await registerCors(app, { allowedOrigins: config.allowedOrigins });
  await registerStaticFiles(app);
  registerRoutes(app, routes, {
    limiter,
    authenticate: identity.authenticate,
    refuseCrossSite: (request) => identity.crossSite.check(request),
    overload: () => shedding.reason(),
    onShed: (reason) => metrics.requestsShed.inc({ reason }),
    onLimited: (limit) => metrics.requestsLimited.inc({ limit }),
    handlerTimeoutMs: config.handlerTimeoutMs,
    idempotency: createIdempotency({ db }),
    turns: createPlatformTurns({ factor: config.rateLimitFactor }),
    onStart: lifecycle.onStart,
  });
  registerWebApp(app, { folder: deps.webFolder ?? join(import.meta.dirname, '../web/dist'), headers, lifecycle });

  app.addHook('onReady', async () => {
    people.presence.start();
    await Promise.all([identity.revocations.start(), realtime.start(app.server, refusals)]);
    // Other instances' drops: without them a local copy lives until its own time is over, so the start may go on.
    await cache.start().catch((error: unknown) => logger.warn({ error }, 'the cache does not hear of changes in other instances yet'));
  });
  app.addHook('preClose', () => realtime.drain());
  app.addHook('onClose', async () => {
    shedding.stop();
    await identity.revocations.stop();
    await events.settled();
    await realtime.close();
    await people.presence.close();
    await cache.close();
    await markdown.close();
  });
  return Object.assign(app, { routes, streams: realtime.streams, sockets: realtime.sockets, files, presence: people.presence });
}

/** Counts what reached its subscriber and what did not. */
function watchDeliveries({ logger, metrics }: AppDependencies): (delivery: Delivery) => void {
  return ({ event, subscriber, outcome, error }) => {
    metrics.eventDeliveries.inc({ event, subscriber, outcome });
    if (outcome === 'failed') logger.error({ event, subscriber, error }, 'a subscriber failed; what it was told of stays done');
  };
}

/** Overload detection, and the gauges that show how near it is. */
function watchLoad({ config, db, metrics }: AppDependencies): LoadShedding {
  const shedding = createLoadShedding({
    eventLoopDelayMaxMs: config.eventLoopDelayMaxMs,
    pool: () => db.pool(),
    waitersMax: config.databaseWaitersMax,
  });
  metrics.onScrape(() => {
    const pool = db.pool();
    metrics.poolConnections.set({ state: 'total' }, pool.total);
    metrics.poolConnections.set({ state: 'idle' }, pool.idle);
    metrics.poolConnections.set({ state: 'max' }, pool.max);
    metrics.poolWaiting.set(pool.waiting);
    for (const { kind, held, waiting } of pool.bulkheads) {
      metrics.bulkheadHeld.set({ kind }, held);
      metrics.bulkheadWaiting.set({ kind }, waiting);
    }
    const delay = shedding.eventLoopDelay();
    metrics.eventLoopDelay.set({ quantile: 'p50' }, delay.p50Ms / 1000);
    metrics.eventLoopDelay.set({ quantile: 'p99' }, delay.p99Ms / 1000);
    metrics.eventLoopDelay.set({ quantile: 'max' }, delay.maxMs / 1000);
  });
  return shedding;
}
