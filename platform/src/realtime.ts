/** The part of the composition root that tells people what happens: the ordered logs, and how instances hear of each other. */
import { randomBytes } from 'node:crypto';
import { instanceName } from '@sanctum/migrations/instances';
import type { Config } from './config/config.ts';
import type { Database } from './db/database.ts';
import { createNotifications } from './db/notifications.ts';
import type { Store } from './redis/store.ts';
import { createBroker } from './streams/broker.ts';
import { createStreams, type Streams } from './streams/streams.ts';
import { createWakeUps } from './streams/wake-ups.ts';
import type { Logger } from './telemetry/logging.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface RealtimeDependencies {
  readonly config: Pick<Config, 'databaseUrl' | 'port'>;
  readonly db: Database;
  readonly store: Store;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly schemaHead: number;
}

export interface Realtime {
  readonly streams: Streams;
  /** Resolves also when the other instances cannot be heard yet. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const instanceBytes = 6;

export function createRealtime({ config, db, store, logger, metrics, schemaHead }: RealtimeDependencies): Realtime {
  const instance = randomBytes(instanceBytes).toString('base64url');
  const onError = (error: unknown) =>
    logger.warn({ error }, 'other instances may not hear of what happens; they look for themselves every few seconds');
  const notifications = createNotifications({
    db,
    url: config.databaseUrl,
    applicationName: `${instanceName(schemaHead)} :${config.port}`,
    onError,
  });
  const wakeUps = createWakeUps({ notifications, instance, onError });
  const broker = createBroker({ store, wakeUps, instance, onPublished: (outcome) => metrics.streamsPublished.inc({ outcome }), onError });
  return {
    streams: createStreams({ db, broker }),
    start: () => notifications.start(),
    async close() {
      await broker.close();
      await notifications.stop();
    },
  };
}
