/** The live half of the platform: tickets, connections and the hub behind them, put together. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Reader } from '../api/reader.ts';
import type { Database } from '../db/database.ts';
import type { AppError, ErrorCode } from '../errors.ts';
import type { Route } from '../http/routes/route.ts';
import type { Store } from '../redis/store.ts';
import type { Broker } from '../streams/broker.ts';
import type { Streams } from '../streams/streams.ts';
import type { Logger } from '../telemetry/logging.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createConnections } from './connections.ts';
import { createHub, type Hub } from './hub.ts';
import { createInbound, type FollowRules } from './inbound.ts';
import { observeHub, observeSockets } from './observe.ts';
import type { HiddenFrom } from './people.ts';
import { createTicketRoutes } from './tickets.handlers.ts';
import { createTickets } from './tickets.ts';
import { createUpgrade } from './upgrade.ts';

export interface SocketsDependencies {
  readonly db: Database;
  readonly store: Store;
  readonly streams: Pick<Streams, 'readMany' | 'ahead'>;
  readonly broker: Broker;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly connectionsMax: number;
  readonly mayFollow: FollowRules;
  readonly hiddenFrom: HiddenFrom;
  readonly standings: Standings;
  /** Is told of every connection that opens, and of its end. */
  readonly presence: { connected(userId: string): void; disconnected(userId: string): void };
  readonly door: Door;
  readonly isGoingAway: () => boolean;
  readonly timing?: SocketsTiming;
}

/** Who is still who they were when their connection opened. */
export interface Standings {
  judge(claimed: Reader): Promise<Reader | null>;
  /** Undefined while that cannot be told without asking the database. */
  judgeLocally(claimed: Reader): Reader | null | undefined;
  /** Calls whenever more is known. */
  onRead(listener: () => void): void;
}

/** What HTTP knows about the request that wants to become a connection. */
export interface Door {
  readonly hostError: (request: IncomingMessage) => ErrorCode | undefined;
  readonly isOwnOrigin: (request: IncomingMessage) => boolean;
  readonly networkOf: (request: IncomingMessage) => string;
  readonly spend: (network: string) => Promise<void>;
  readonly refuse: (socket: Duplex, error: AppError, request: IncomingMessage) => void;
}

/** Shorter times, for tests. */
export interface SocketsTiming {
  readonly heartbeatMs?: number;
  readonly lagMs?: number;
  readonly lagBytes?: number;
  readonly checkEveryMs?: number;
}

export interface Sockets {
  readonly routes: readonly Route[];
  /** Takes the upgrades of this server. */
  attach(server: Server): void;
  /** Ends the connections of sessions that are over, as far as this instance knows. */
  endEnded(): void;
  counts(): ReturnType<Hub['counts']> & { readonly connections: number };
  start(): void;
  /** Sends everyone away before the port closes. */
  drain(durationMs: number): Promise<void>;
  stop(): void;
}

export function createSockets(deps: SocketsDependencies): Sockets {
  const { logger, metrics, standings, timing = {} } = deps;
  const onError = (error: unknown) => logger.warn({ error }, 'live connections');
  const hub = createHub({
    streams: deps.streams,
    broker: deps.broker,
    hiddenFrom: deps.hiddenFrom,
    observe: observeHub(metrics, logger, (connection) => connections.watchLag(connection)),
    ...timing,
  });
  const tickets = createTickets({ db: deps.db, store: deps.store });
  const observe = observeSockets(metrics, logger);
  const connections = createConnections({
    hub,
    onMessage: createInbound({ hub, mayFollow: deps.mayFollow, onMessage: observe.onMessage, onError }),
    onOpened: (userId) => {
      observe.onOpened();
      deps.presence.connected(userId);
    },
    onClosed: (why, userId) => {
      observe.onClosed(why);
      deps.presence.disconnected(userId);
    },
    ...timing,
  });
  const upgrade = createUpgrade({
    ...deps.door,
    tickets,
    judge: (claimed) => standings.judge(claimed),
    isGoingAway: deps.isGoingAway,
    connections: { all: connections.count, max: deps.connectionsMax, ofNetwork: connections.ofNetwork, ofUser: hub.connectionsOf },
    refuse: (socket, error, request) => {
      observe.onRefused(error);
      deps.door.refuse(socket, error, request);
    },
    accept: connections.accept,
    onTooManyOfUser: observe.onTooManyOfUser,
    onError,
  });
  const endEnded = () => connections.judgeAll((reader) => standings.judgeLocally(reader) === null);
  standings.onRead(endEnded);
  const counts = () => ({ ...hub.counts(), connections: connections.count() });
  metrics.onScrape(() => {
    const now = counts();
    metrics.socketConnections.set(now.connections);
    metrics.socketSubscriptions.set(now.subscriptions);
    metrics.socketStreams.set(now.streams);
  });

  return {
    routes: createTicketRoutes({ tickets, isGoingAway: deps.isGoingAway }),
    attach: (server) => void server.on('upgrade', upgrade),
    endEnded,
    counts,
    start() {
      hub.start();
      connections.start();
    },
    drain: connections.drain,
    stop() {
      hub.stop();
      connections.stop();
    },
  };
}
