/** The live half alone, on a bare HTTP server: streams, broker, hub and connections are real, who may follow what is given by the test. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reader } from '../../src/api/reader.ts';
import { createNotifications } from '../../src/db/notifications.ts';
import { createInProcessStore } from '../../src/redis/in-process-store.ts';
import type { Store } from '../../src/redis/store.ts';
import { createSockets, type Sockets, type SocketsTiming } from '../../src/sockets/sockets.ts';
import type { FollowRules } from '../../src/sockets/inbound.ts';
import type { HiddenFrom } from '../../src/sockets/people.ts';
import { createTickets } from '../../src/sockets/tickets.ts';
import { createBroker } from '../../src/streams/broker.ts';
import { createStreams, type Streams } from '../../src/streams/streams.ts';
import { createWakeUps } from '../../src/streams/wake-ups.ts';
import { createLogger } from '../../src/telemetry/logging.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts';
import { openSocket, type TestSocket } from './socket-client.ts';
import type { TestDatabase } from './test-database.ts';

export interface LiveServer {
  readonly base: string;
  readonly port: number;
  readonly server: Server;
  readonly streams: Streams;
  readonly sockets: Sockets;
  readonly metrics: Metrics;
  readonly logs: readonly string[];
  /** Opens a connection of this person. */
  open(userId: string): Promise<TestSocket>;
  ticket(userId: string): Promise<string>;
  /** Whatever this instance is told by others is lost from now on, or arrives again. */
  deafen(isDeaf: boolean): void;
  close(): Promise<void>;
}

export interface LiveServerOptions {
  readonly database: TestDatabase;
  readonly store?: Store;
  readonly mayFollow?: FollowRules;
  readonly hiddenFrom?: HiddenFrom;
  readonly timing?: SocketsTiming;
  readonly connectionsMax?: number;
  /** Sessions that have ended. */
  readonly ended?: ReadonlySet<string>;
}

const everybody: FollowRules = { conversation: async () => true, sanctum: async () => true, room: async () => true };

export async function createLiveServer(options: LiveServerOptions): Promise<LiveServer> {
  const { database } = options;
  const store = options.store ?? createInProcessStore();
  // Tickets in the store, whichever it is: the database would ask for the person and the session.
  const ticketStore: Store = { ...store, kind: 'redis' };
  const instance = randomUUID();
  const metrics = createMetrics();
  const logs: string[] = [];
  const logger = createLogger({ level: 'warn', destination: { write: (line: string) => void logs.push(line) } });
  const onError = (error: unknown) => logger.warn({ error }, 'test');
  const notifications = createNotifications({ db: database.db, url: database.url, applicationName: 'sanctum-test', onError });
  const broker = createBroker({ store, wakeUps: createWakeUps({ notifications, instance, onError }), instance, onError });
  let isDeaf = false;
  const hearing: typeof broker = {
    ...broker,
    listen: (listener) =>
      broker.listen({
        onMessage: (key, message) => isDeaf || listener.onMessage(key, message),
        onWake: (keys) => isDeaf || listener.onWake(keys),
        onGap: () => isDeaf || listener.onGap(),
      }),
  };
  const streams = createStreams({ db: database.db, broker });
  const reader = (claimed: Reader) => (options.ended?.has(claimed.sessionId) === true ? null : claimed);
  const sockets = createSockets({
    db: database.db,
    store: ticketStore,
    streams,
    broker: hearing,
    logger,
    metrics,
    connectionsMax: options.connectionsMax ?? 20_000,
    mayFollow: options.mayFollow ?? everybody,
    hiddenFrom: options.hiddenFrom ?? (async () => new Set()),
    standings: { judge: async (claimed) => reader(claimed), judgeLocally: reader, onRead: () => {} },
    presence: { connected: () => {}, disconnected: () => {} },
    door: {
      hostError: () => undefined,
      isOwnOrigin: () => true,
      networkOf: () => `network-${Math.floor(Math.random() * 1e9)}`,
      spend: async () => {},
      refuse: (socket, error) => socket.end(`HTTP/1.1 ${error.status} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`),
    },
    isGoingAway: () => false,
    timing: options.timing ?? {},
  });
  const server = createServer((_request, response) => response.end());
  sockets.attach(server);
  sockets.start();
  await notifications.start();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;
  const tickets = createTickets({ db: database.db, store: ticketStore });
  const ticket = (userId: string) => tickets.issue({ userId, sessionId: randomUUID() });
  return {
    base,
    port,
    server,
    streams,
    sockets,
    metrics,
    logs,
    ticket,
    open: async (userId) => openSocket(base, await ticket(userId)),
    deafen: (deaf) => {
      isDeaf = deaf;
    },
    close: async () => {
      await sockets.drain(0);
      sockets.stop();
      await broker.close();
      await notifications.stop();
      await store.close();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
