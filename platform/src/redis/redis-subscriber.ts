/**
 * The connection that only listens, to sharded channels: in a cluster a message then stays on the shard of its channel. It is opened with the first subscription, pings itself because a dead listener
 * looks like a quiet one, and subscribes to everything again whenever it comes back.
 */
import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createChannels } from './in-process-store.ts';
import { commandTimeoutMs, redisOptions } from './redis-options.ts';
import type { Store } from './store.ts';

export interface RedisSubscriber {
  readonly subscribe: Store['subscribe'];
  close(): void;
}

export interface RedisSubscriberOptions {
  readonly url: string;
  readonly onError: (error: unknown) => void;
}

const heartbeatMs = 1000;
/** Commands that are on their way at once when everything is subscribed to again. */
const commandsMax = 500;

export function createRedisSubscriber(options: RedisSubscriberOptions): RedisSubscriber {
  const client = new Redis(options.url, redisOptions('sanctum-subscriber'));
  const channels = createChannels(options.onError, async (channel) => {
    if (client.status !== 'ready') return;
    // Not unsubscribed means messages nobody listens to; the next connection starts without them.
    await client.sunsubscribe(channel).catch(options.onError);
  });
  let wasReady = false;
  let heartbeat: NodeJS.Timeout | undefined;

  client.on('error', options.onError);
  client.on('smessage', (channel: string, message: string) => channels.deliver(channel, message));
  client.on('ready', () => {
    const names = channels.names();
    if (names.length === 0) return;
    subscribeAll(names).then(
      () => {
        if (wasReady) channels.reportGap();
        wasReady = true;
      },
      (error: unknown) => {
        options.onError(error);
        client.disconnect(true);
      },
    );
  });

  /** One command a channel: those of a cluster live in different places. */
  async function subscribeAll(names: readonly string[]): Promise<void> {
    for (let begun = 0; begun < names.length; begun += commandsMax)
      await Promise.all(names.slice(begun, begun + commandsMax).map((name) => client.ssubscribe(name)));
  }

  function beat(): void {
    if (client.status !== 'ready') return;
    client.ping().catch((error: unknown) => {
      options.onError(error);
      client.disconnect(true);
    });
  }

  async function connect(): Promise<void> {
    if (client.status !== 'wait') return;
    heartbeat ??= setInterval(beat, heartbeatMs).unref();
    // A failed first connection is repeated by the retry strategy.
    await Promise.race([client.connect().catch(options.onError), setTimeout(commandTimeoutMs, undefined, { ref: false })]);
  }

  return {
    subscribe: async (channel, onMessage, onGap) => {
      const subscription = channels.add(channel, { onMessage, onGap });
      await connect();
      // While it is away the channel is subscribed to on its return.
      if (client.status === 'ready') await client.ssubscribe(channel).catch(options.onError);
      return subscription;
    },
    close: () => {
      clearInterval(heartbeat);
      channels.clear();
      client.disconnect();
    },
  };
}
