/**
 * The store of a single process: what the platform runs on when there is no Redis. Bounded in entries and in bytes; the
 * least recently used entry leaves first. Messages reach the subscribers of this process only.
 */
import { LRUCache } from 'lru-cache';
import type { Store, Subscription } from './store.ts';

export interface InProcessStoreOptions {
  readonly entriesMax?: number;
  readonly bytesMax?: number;
  /** A subscriber threw; the other subscribers have still been called. */
  readonly onSubscriberError?: (error: unknown) => void;
}

const entriesMaxDefault = 200_000;
const bytesMaxDefault = 64 * 1024 * 1024;
const entryOverheadBytes = 150;

export function createInProcessStore(options: InProcessStoreOptions = {}): Store {
  const bytesMax = options.bytesMax ?? bytesMaxDefault;
  // An entry counts at least its share, which bounds the number too: `max` would reserve all places at the start, for 25 ms.
  const entryBytesMin = Math.ceil(bytesMax / (options.entriesMax ?? entriesMaxDefault));
  const entries = new LRUCache<string, string>({
    maxSize: bytesMax,
    sizeCalculation: (value, key) => Math.max(entryBytesMin, entryOverheadBytes + 2 * (key.length + value.length)),
    ttlResolution: 0,
  });
  const channels = createChannels(options.onSubscriberError);
  // Holders stand as one text per key, "until holder" a line, so that they count like every other entry.
  const holdersOf = (key: string): Map<string, number> => {
    const lines = entries.get(key)?.split('\n') ?? [];
    const held = lines.map((line): [string, number] => [line.slice(line.indexOf(' ') + 1), Number(line.slice(0, line.indexOf(' ')))]);
    return new Map(held.filter(([, until]) => until > Date.now()));
  };
  const keepHolders = (key: string, holders: ReadonlyMap<string, number>) => {
    if (holders.size === 0) return void entries.delete(key);
    const ttl = Math.max(1, Math.max(...holders.values()) - Date.now());
    entries.set(key, Array.from(holders, ([holder, until]) => `${until} ${holder}`).join('\n'), { ttl });
  };

  return {
    kind: 'in-process',
    get: async (key) => entries.get(key),
    set: async (key, value, ttlSeconds) => {
      entries.set(key, value, { ttl: ttlSeconds * 1000 });
    },
    setIfAbsent: async (key, value, ttlSeconds) => {
      if (entries.has(key)) return false;
      entries.set(key, value, { ttl: ttlSeconds * 1000 });
      return true;
    },
    take: async (key) => {
      const value = entries.get(key);
      entries.delete(key);
      return value;
    },
    remove: async (keys) => {
      for (const key of keys) entries.delete(key);
    },
    increment: async (key, ttlSeconds, by = 1) => {
      const before = entries.get(key);
      const count = Number(before ?? 0) + by;
      const ttl = before === undefined ? ttlSeconds * 1000 : entries.getRemainingTTL(key);
      entries.set(key, String(count), { ttl });
      return count;
    },
    hold: async (keys, holder, ttlSeconds) => {
      for (const key of keys) keepHolders(key, holdersOf(key).set(holder, Date.now() + ttlSeconds * 1000));
    },
    release: async (keys, holder) => {
      for (const key of keys) {
        const holders = holdersOf(key);
        holders.delete(holder);
        keepHolders(key, holders);
      }
    },
    areHeld: async (keys) => keys.map((key) => holdersOf(key).size > 0),
    publish: async (channel, message) => {
      queueMicrotask(() => channels.deliver(channel, message));
    },
    subscribe: async (channel, onMessage) => channels.add(channel, { onMessage, onGap: undefined }),
    ping: async () => {},
    close: async () => {
      channels.clear();
      entries.clear();
    },
  };
}

export interface Subscriber {
  readonly onMessage: (message: string) => void;
  readonly onGap: (() => void) | undefined;
}

export interface Channels {
  add(channel: string, subscriber: Subscriber): Subscription;
  deliver(channel: string, message: string): void;
  /** Tells every subscriber that messages may have been lost. */
  reportGap(): void;
  names(): readonly string[];
  has(channel: string): boolean;
  clear(): void;
}

/** Who listens to what in this process. `onEmpty` is called when the last subscriber of a channel leaves. */
export function createChannels(onSubscriberError?: (error: unknown) => void, onEmpty?: (channel: string) => Promise<void>): Channels {
  const channels = new Map<string, Set<Subscriber>>();

  function guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      onSubscriberError?.(error);
    }
  }

  return {
    add: (channel, subscriber) => {
      const subscribers = channels.get(channel) ?? new Set();
      channels.set(channel, subscribers.add(subscriber));
      return {
        close: async () => {
          if (!subscribers.delete(subscriber) || subscribers.size > 0) return;
          channels.delete(channel);
          await onEmpty?.(channel);
        },
      };
    },
    deliver: (channel, message) => {
      for (const { onMessage } of channels.get(channel) ?? []) guard(() => onMessage(message));
    },
    reportGap: () => {
      for (const subscribers of channels.values()) for (const { onGap } of subscribers) if (onGap !== undefined) guard(onGap);
    },
    names: () => [...channels.keys()],
    has: (channel) => channels.has(channel),
    clear: () => channels.clear(),
  };
}
