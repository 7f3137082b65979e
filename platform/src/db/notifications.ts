/**
 * LISTEN and NOTIFY: how instances hear of each other where there is no store. The listener has a connection of its own, asks it for an
 * answer every few seconds, because a dead connection looks like a quiet one, and says whenever something may have been missed.
 */
import pg from 'pg';
import type { Database } from './database.ts';
import { notify } from './database.queries.ts';

export interface NotificationListener {
  readonly onMessage: (payload: string) => void;
  /** The connection was away: notifications of that time are lost. */
  readonly onGap: () => void;
}

export interface Notifications {
  /** At most 8,000 bytes. Rejects when the database cannot be reached. */
  notify(channel: string, payload: string): Promise<void>;
  /** From `start` on. One listener a channel. */
  listen(channel: string, listener: NotificationListener): void;
  /** Resolves when the first connection listens, or could not be made: it is then tried again and again. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface NotificationsDependencies {
  readonly db: Database;
  readonly url: string;
  readonly applicationName: string;
  readonly onError: (error: unknown) => void;
  readonly heartbeatMs?: number;
}

const heartbeatMsDefault = 3000;
const connectTimeoutMs = 3000;
const reconnectDelayMinMs = 100;
const reconnectDelayMaxMs = 5000;

export function createNotifications(deps: NotificationsDependencies): Notifications {
  // As many as the code names.
  const listeners = new Map<string, NotificationListener>();
  let connection: Connection | undefined;
  let reconnect: NodeJS.Timeout | undefined;
  let delayMs = reconnectDelayMinMs;
  let wasListening = false;
  let running = false;

  function retryLater(): void {
    connection = undefined;
    if (!running) return;
    reconnect = setTimeout(() => void connect(), delayMs / 2 + Math.random() * (delayMs / 2));
    reconnect.unref();
    delayMs = Math.min(reconnectDelayMaxMs, delayMs * 2);
  }

  async function connect(): Promise<void> {
    const next = openConnection(deps, listeners, retryLater);
    connection = next;
    if (!(await next.listening)) return;
    delayMs = reconnectDelayMinMs;
    if (wasListening) for (const { onGap } of listeners.values()) onGap();
    wasListening = true;
  }

  return {
    async notify(channel, payload) {
      await deps.db.one(notify, { channel, payload });
    },
    listen(channel, listener) {
      if (running) throw new Error(`listen to "${channel}" before the start`);
      listeners.set(channel, listener);
    },
    async start() {
      running = true;
      await connect();
    },
    async stop() {
      running = false;
      clearTimeout(reconnect);
      await connection?.close();
    },
  };
}

interface Connection {
  /** False when it could not be made: `onLost` has been called then. */
  readonly listening: Promise<boolean>;
  close(): Promise<void>;
}

function openConnection(
  deps: NotificationsDependencies,
  listeners: ReadonlyMap<string, NotificationListener>,
  onLost: () => void,
): Connection {
  const client = new pg.Client({
    connectionString: deps.url,
    application_name: deps.applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: connectTimeoutMs,
    keepAlive: true,
  });
  let heartbeat: NodeJS.Timeout | undefined;
  let over = false;

  async function end(): Promise<void> {
    over = true;
    clearInterval(heartbeat);
    // A connection that is gone may fail to say goodbye.
    await client.end().catch(deps.onError);
  }

  function lose(error: unknown): void {
    if (over) return;
    deps.onError(error);
    end().catch(deps.onError);
    onLost();
  }

  async function listen(): Promise<boolean> {
    try {
      await client.connect();
      for (const channel of listeners.keys()) await client.query(`listen ${client.escapeIdentifier(channel)}`);
    } catch (error) {
      lose(error);
      return false;
    }
    heartbeat = setInterval(() => {
      client.query('select 1').catch(lose);
    }, deps.heartbeatMs ?? heartbeatMsDefault);
    heartbeat.unref();
    return !over;
  }

  client.on('error', lose);
  client.on('end', () => lose(new Error('the connection that listens was ended by the server')));
  client.on('notification', ({ channel, payload = '' }) => listeners.get(channel)?.onMessage(payload));
  return { listening: listen(), close: end };
}
