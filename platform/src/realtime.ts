/** The part of the composition root that tells people what happens: the ordered logs, how instances hear of each other, and live connections. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { instanceName } from '@sanctum/migrations/instances';
import type { Config } from './config/config.ts';
import type { Database } from './db/database.ts';
import { createNotifications } from './db/notifications.ts';
import type { RateLimitName, Route } from './http/routes/route.ts';
import type { Refusals } from './http/server/refusals.ts';
import type { RateLimiter } from './limits/rate-limiter.ts';
import type { Store } from './redis/store.ts';
import { createDoor } from './sockets/door.ts';
import type { FollowRules } from './sockets/inbound.ts';
import type { HiddenFrom } from './sockets/people.ts';
import { createSockets, type Sockets, type SocketsDependencies, type Standings } from './sockets/sockets.ts';
import { createBroker } from './streams/broker.ts';
import { createStreams, type Streams } from './streams/streams.ts';
import { createWakeUps } from './streams/wake-ups.ts';
import type { Logger } from './telemetry/logging.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface RealtimeDependencies {
  readonly config: Pick<
    Config,
    'databaseUrl' | 'port' | 'publicOrigin' | 'allowedOrigins' | 'allowedHosts' | 'trustProxy' | 'connectionsMax' | 'drainMs'
  >;
  readonly db: Database;
  readonly store: Store;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly schemaHead: number;
  readonly limiter: RateLimiter<RateLimitName>;
  readonly standings: Standings;
  readonly presence: SocketsDependencies['presence'];
  readonly mayFollow: FollowRules;
  readonly hiddenFrom: HiddenFrom;
  readonly isShuttingDown: () => boolean;
}

export interface Realtime {
  readonly streams: Streams;
  readonly routes: readonly Route[];
  readonly sockets: Pick<Sockets, 'endEnded' | 'counts'>;
  /** Takes the upgrades of this server; what is refused is answered by `refusals`. Resolves also when the other instances cannot be heard yet. */
  start(server: Server, refusals: Pick<Refusals, 'toSocket'>): Promise<void>;
  /** Sends everyone away, each with a time to come back at. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

const instanceBytes = 6;

export function createRealtime(deps: RealtimeDependencies): Realtime {
  const { config, db, store, logger, metrics } = deps;
  const instance = randomBytes(instanceBytes).toString('base64url');
  const onError = (error: unknown) =>
    logger.warn({ error }, 'other instances may not hear of what happens; they look for themselves every few seconds');
  const notifications = createNotifications({
    db,
    url: config.databaseUrl,
    applicationName: `${instanceName(deps.schemaHead)} :${config.port}`,
    onError,
  });
  const wakeUps = createWakeUps({ notifications, instance, onError });
  const broker = createBroker({ store, wakeUps, instance, onPublished: (outcome) => metrics.streamsPublished.inc({ outcome }), onError });
  const streams = createStreams({ db, broker });
  let draining = false;
  let refusals: Pick<Refusals, 'toSocket'> | undefined;
  const sockets = createSockets({
    ...deps,
    streams,
    broker,
    connectionsMax: config.connectionsMax,
    door: createDoor({ config, limiter: deps.limiter, refusals: () => refusals }),
    isGoingAway: () => draining || deps.isShuttingDown(),
  });
  return {
    streams,
    sockets,
    routes: sockets.routes,
    async start(server, answers) {
      refusals = answers;
      sockets.attach(server);
      sockets.start();
      await notifications.start();
    },
    drain() {
      draining = true;
      return sockets.drain(config.drainMs);
    },
    async close() {
      sockets.stop();
      await broker.close();
      await notifications.stop();
    },
  };
}

/** Only what asks for a connection of ours is taken out of HTTP; any other Upgrade is answered as the request that it also is. */
export function isUpgradeOfOurs(request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): boolean {
  return request.method === 'GET' && (request.url ?? '').startsWith('/api/ws/') && request.headers.upgrade?.toLowerCase() === 'websocket';
}
