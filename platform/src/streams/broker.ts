/**
 * How instances tell each other what happened. It may lose messages, double them and mix their order: the log makes up for all of it.
 *
 * A message reaches the listener of its own process at once. The other instances get it whole over the store where there is one, and
 * otherwise, or while the store does not answer, are woken through PostgreSQL (wake-ups.ts) and read the log.
 */
import type { Store, Subscription } from '../redis/store.ts';
import { streamChannel } from '../redis/keys.ts';
import { type StreamKey, streamOf } from './stream.ts';
import type { WakeUps } from './wake-ups.ts';

export interface BrokerListener {
  /** What somebody published: text of event-text.ts. */
  readonly onMessage: (key: StreamKey, message: string) => void;
  /** Something happened in these streams; what it was stands in the log. */
  readonly onWake: (keys: readonly StreamKey[]) => void;
  /** Messages of any stream may have been lost. */
  readonly onGap: () => void;
}

export interface Broker {
  /** Sends to every instance that follows the stream, this one included. Never throws and never waits. */
  publish(key: StreamKey, message: string): void;
  /** Resolves once messages of the stream arrive, or after a moment while the store is away. */
  follow(key: StreamKey): Promise<void>;
  unfollow(key: StreamKey): void;
  /** Streams that are followed. */
  followed(): number;
  listen(listener: BrokerListener): void;
  close(): Promise<void>;
}

export type PublishOutcome = 'store' | 'wake-up' | 'store-failed';

export interface BrokerDependencies {
  /** Shared by all instances or, of kind in-process, by nobody. */
  readonly store: Store;
  readonly wakeUps: WakeUps;
  /** Different for every process. */
  readonly instance: string;
  readonly onPublished?: (outcome: PublishOutcome) => void;
  readonly onError: (error: unknown) => void;
}

export function createBroker({ store, wakeUps, instance, onPublished, onError }: BrokerDependencies): Broker {
  let listener: BrokerListener | undefined;
  const following = createFollowing({ store, instance, onError, listener: () => listener });
  const { isFollowed } = following;

  function publishElsewhere(key: StreamKey, message: string): void {
    if (store.kind !== 'redis') {
      wakeUps.send(key, message);
      onPublished?.('wake-up');
      return;
    }
    store.publish(channelOf(key), `${instance} ${message}`).then(
      () => onPublished?.('store'),
      () => {
        wakeUps.send(key, message);
        onPublished?.('store-failed');
      },
    );
  }

  return {
    ...following,
    publish(key, message) {
      if (isFollowed(key)) listener?.onMessage(key, message);
      publishElsewhere(key, message);
    },
    listen(one) {
      listener = one;
      wakeUps.listen({
        onWake: (keys) => one.onWake(keys.filter(isFollowed)),
        onMessage: (key, message) => {
          if (isFollowed(key)) one.onMessage(key, message);
        },
        onGap: () => one.onGap(),
      });
    },
    async close() {
      // The store ends its own subscriptions with its connection.
      listener = undefined;
      await wakeUps.close();
    },
  };
}

interface FollowingDependencies extends Pick<BrokerDependencies, 'store' | 'instance' | 'onError'> {
  readonly listener: () => BrokerListener | undefined;
}

/** Which streams somebody here reads, and their channels of the store. */
function createFollowing({ store, instance, onError, listener }: FollowingDependencies) {
  // As many as there are streams with a reader here.
  const subscriptions = new Map<StreamKey, Promise<Subscription> | null>();
  const own = `${instance} `;

  function subscribe(key: StreamKey): Promise<Subscription> {
    return store.subscribe(
      channelOf(key),
      (text) => {
        // What this process sent has reached its listener already.
        if (!text.startsWith(own)) listener()?.onMessage(key, text.slice(text.indexOf(' ') + 1));
      },
      () => listener()?.onGap(),
    );
  }

  return {
    isFollowed: (key: StreamKey) => subscriptions.has(key),
    async follow(key: StreamKey): Promise<void> {
      const known = subscriptions.get(key);
      const subscription = known === undefined && store.kind === 'redis' ? subscribe(key) : (known ?? null);
      subscriptions.set(key, subscription);
      await subscription;
    },
    unfollow(key: StreamKey): void {
      const subscription = subscriptions.get(key);
      subscriptions.delete(key);
      subscription?.then((one) => one.close()).catch(onError);
    },
    followed: () => subscriptions.size,
  };
}

function channelOf(key: StreamKey): string {
  const stream = streamOf(key);
  if (stream === undefined) throw new Error(`"${key}" is no stream`);
  return streamChannel.build(stream.kind, stream.id);
}
