/**
 * Read-through cache in two levels: copies in the process, bounded in bytes, then the store, then the load.
 *
 * A copy is fresh, then stale for a short time in which it is served while one reload runs, then gone. One load per key
 * runs in a process at a time, whoever asks. Every failure of the store falls through to the load. Dropping a key
 * removes the local copy and the stored one, dooms loads that are under way, and tells the other processes; if that
 * message or the removal is lost, another process may show the old value until the key's declared time is over.
 * Values are JSON text; `undefined` (there is no such thing) is cached too, as the empty text.
 */
import { LRUCache } from 'lru-cache';
import { cacheDropsChannel, type Key, type KeyParts } from './keys.ts';
import { runShared } from '../telemetry/request-context.ts';
import type { Store, Subscription } from './store.ts';

export type CacheOutcome = 'hit-local' | 'stale' | 'hit-store' | 'miss' | 'load-failed' | 'store-failed' | 'too-large';

export interface CacheEvent {
  /** Name of the key declaration. */
  readonly key: string;
  readonly outcome: CacheOutcome;
}

export interface CacheDependencies {
  readonly store: Store;
  readonly onEvent?: (event: CacheEvent) => void;
  /** Bytes of local copies, all keys together. */
  readonly localBytesMax?: number;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
}

export interface Cache {
  /** The cached text, or what `load` returns. Throws only what `load` throws. */
  read<P extends string, T extends string | undefined>(key: Key<P>, parts: KeyParts<P>, load: () => Promise<T>): Promise<T>;
  /** The same as bytes in UTF-8, encoded once per local copy: for answers that leave as they are, again and again. */
  readBytes<P extends string>(key: Key<P>, parts: KeyParts<P>, load: () => Promise<string>): Promise<Buffer>;
  /** Call it after the commit of the change; nobody in this process reads the old value from then on. Never throws. */
  drop<P extends string>(key: Key<P>, parts: KeyParts<P>): Promise<void>;
  /** Starts to hear what other processes drop. */
  start(): Promise<void>;
  close(): Promise<void>;
}

interface Copy {
  readonly text: string;
  /** Encoded when first asked for. */
  bytes: Buffer | undefined;
  readonly freshUntilMs: number;
  readonly goneAtMs: number;
}

interface Load {
  readonly result: Promise<string>;
  doomed: boolean;
}

const localBytesMaxDefault = 32 * 1024 * 1024;
const copyOverheadBytes = 200;
const distrustedMax = 10_000;
const nothing = '';

export function createCache(options: CacheDependencies): Cache {
  const { store, now = () => performance.now() } = options;
  const maxSize = options.localBytesMax ?? localBytesMaxDefault;
  const copies = new LRUCache<string, Copy>({
    maxSize,
    // Two bytes a character in the worst case, and up to three more once it is encoded.
    sizeCalculation: (copy, id) => copyOverheadBytes + 2 * id.length + 5 * copy.text.length,
  });
  const loads = new Map<string, Load>();
  // Keys that are being removed from the store, or could not be: what it holds for them is old until its time is over.
  const distrusted = new LRUCache<string, { readonly untilMs: number }>({ max: distrustedMax });
  let subscription: Subscription | undefined;

  const report = (key: Key, outcome: CacheOutcome): undefined => {
    options.onEvent?.({ key: key.name, outcome });
  };

  async function fetch(key: Key, id: string, load: () => Promise<string | undefined>, isDoomed: () => boolean): Promise<string> {
    const stored = (distrusted.get(id)?.untilMs ?? 0) > now() ? undefined : await store.get(id).catch(() => report(key, 'store-failed'));
    if (stored !== undefined) {
      report(key, 'hit-store');
      if (!isDoomed()) keep(key, id, stored);
      return stored;
    }
    report(key, 'miss');
    const text = (await runShared(load)) ?? nothing;
    if (isDoomed()) return text;
    if (Buffer.byteLength(text) > key.sizeMaxBytes) {
      report(key, 'too-large');
      return text;
    }
    keep(key, id, text);
    await store.set(id, text, key.ttlSeconds ?? 1).catch(() => report(key, 'store-failed'));
    // Dropped while the store was being written: what was written is old.
    if (isDoomed()) await removeStored(key, id);
    return text;
  }

  function keep(key: Key, id: string, text: string): void {
    const { freshMs, staleMs } = key.local ?? { freshMs: 0, staleMs: 0 };
    if (freshMs > 0) copies.set(id, { text, bytes: undefined, freshUntilMs: now() + freshMs, goneAtMs: now() + freshMs + staleMs });
  }

  function loadOnce(key: Key, id: string, load: () => Promise<string | undefined>): Promise<string> {
    const running = loads.get(id);
    if (running !== undefined) return running.result;
    const entry: Load = {
      doomed: false,
      result: fetch(key, id, load, () => entry.doomed).finally(() => {
        if (loads.get(id) === entry) loads.delete(id);
      }),
    };
    loads.set(id, entry);
    return entry.result;
  }

  function forget(id: string): void {
    copies.delete(id);
    const running = loads.get(id);
    if (running === undefined) return;
    running.doomed = true;
    loads.delete(id);
  }

  async function removeStored(key: Key, id: string): Promise<void> {
    const mark = { untilMs: now() + (key.ttlSeconds ?? 1) * 1000 };
    distrusted.set(id, mark);
    try {
      await store.remove([id]);
      // Not what a later removal has to say.
      if (distrusted.get(id) === mark) distrusted.delete(id);
    } catch {
      report(key, 'store-failed');
    }
  }

  /** The local copy while it may be served; starts the reload of a stale one. */
  function copyOf(key: Key, id: string, load: () => Promise<string | undefined>): Copy | undefined {
    const copy = copies.get(id);
    const time = now();
    if (copy === undefined || time >= copy.goneAtMs) return undefined;
    if (time < copy.freshUntilMs) report(key, 'hit-local');
    else {
      report(key, 'stale');
      // The reload's failure is reported; until the copy is gone its readers are served.
      loadOnce(key, id, load).catch(() => report(key, 'load-failed'));
    }
    return copy;
  }

  return {
    read: async <P extends string, T extends string | undefined>(key: Key<P>, parts: KeyParts<P>, load: () => Promise<T>) => {
      const id = key.buildFrom(parts);
      const text = copyOf(key, id, load)?.text ?? (await loadOnce(key, id, load));
      return (text === nothing ? undefined : text) as T;
    },
    readBytes: async (key, parts, load) => {
      const id = key.buildFrom(parts);
      const copy = copyOf(key, id, load);
      if (copy === undefined) return Buffer.from(await loadOnce(key, id, load));
      return (copy.bytes ??= Buffer.from(copy.text));
    },
    drop: async (key, parts) => {
      const id = key.buildFrom(parts);
      forget(id);
      await removeStored(key, id);
      await store.publish(cacheDropsChannel.build(), id).catch(() => report(key, 'store-failed'));
    },
    start: async () => {
      // Called once, before the server listens.
      subscription ??= await store.subscribe(cacheDropsChannel.build(), forget, () => copies.clear());
    },
    close: async () => {
      await subscription?.close();
      subscription = undefined;
      copies.clear();
    },
  };
}
