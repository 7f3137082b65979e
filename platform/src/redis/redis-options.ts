/** How the platform talks to Redis: never queue, never wait long, never send twice. */
import type { RedisOptions } from 'ioredis';

/** A command without an answer by then has failed. */
export const commandTimeoutMs = 250;
const socketTimeoutMs = 1000;
const connectTimeoutMs = 1000;
const reconnectDelayMinMs = 50;
const reconnectDelayMaxMs = 1000;

export function redisOptions(connectionName: string) {
  return {
    connectionName,
    lazyConnect: true,
    // ioredis queues without bound while Redis is away unless told otherwise.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: commandTimeoutMs,
    connectTimeout: connectTimeoutMs,
    // A server that accepts and never answers: the socket is given up, its commands with it.
    socketTimeout: socketTimeoutMs,
    // A counter that was sent and not answered must not be sent again.
    autoResendUnfulfilledCommands: false,
    // The store subscribes again itself, to know when it is done.
    autoResubscribe: false,
    disableClientInfo: true,
    retryStrategy: reconnectDelayMs,
  } as const satisfies RedisOptions;
}

/** Doubles from 50 ms to a second, half of it by chance so that instances do not return together. */
export function reconnectDelayMs(attempt: number): number {
  const ceiling = Math.min(reconnectDelayMaxMs, reconnectDelayMinMs * 2 ** Math.min(attempt, 10));
  return ceiling / 2 + Math.random() * (ceiling / 2);
}
