/**
 * Read-through cache in two levels: copies in the process, bounded in bytes, then the store, then the load.
 *
 * A copy is fresh, then stale for a short time in which it is served while one reload runs, then gone. One load per key
 * runs in a process at a time, whoever asks. Every failure of the store falls through to the load. Dropping a key
 * removes the local copy and the stored one, dooms loads that are under way, and tells the other processes; if that
 * message or the removal is lost, another process may show the old value until the key's declared time is over.
 * Values are JSON text; `undefined` (there is no such thing) is cached too, as the empty text.
 */
import { cacheDropsChannel, type Key, type KeyParts } from './keys.ts';
import { runShared } from '../telemetry/request-context.ts';
import { createLocalCopies, type LocalCopies, type LocalCopy } from './local-copies.ts';
import { createSharedLoads } from './shared-loads.ts';
import type { Store, Subscription } from './store.ts';
import { createStoredTexts, type StoredTexts } from './stored-texts.ts';

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

const localBytesMaxDefault = 32 * 1024 * 1024;
const nothing = '';

interface Levels {
  readonly copies: LocalCopies;
  readonly stored: StoredTexts;
  readonly report: (key: Key, outcome: CacheOutcome) => void;
}

export function createCache(options: CacheDependencies): Cache {
  const { store, now = () => performance.now() } = options;
  const copies = createLocalCopies({ bytesMax: options.localBytesMax ?? localBytesMaxDefault, now });
  const loads = createSharedLoads();
  let subscription: Subscription | undefined;

  const report = (key: Key, outcome: CacheOutcome) => options.onEvent?.({ key: key.name, outcome });
  const stored = createStoredTexts({ store, now, onFailed: (key) => report(key, 'store-failed') });

  const loadOnce = (key: Key, id: string, load: () => Promise<string | undefined>) =>
    loads.run(id, (isDoomed) => fetch({ copies, stored, report }, key, id, load, isDoomed));

  function forget(id: string): void {
    copies.remove(id);
    loads.doom(id);
  }

  /** The local copy while it may be served; starts the reload of a stale one. */
  function copyOf(key: Key, id: string, load: () => Promise<string | undefined>): LocalCopy | undefined {
    const found = copies.find(id);
    if (found === undefined) return undefined;
    if (found.fresh) report(key, 'hit-local');
    else {
      report(key, 'stale');
      // The reload's failure is reported; until the copy is gone its readers are served.
      loadOnce(key, id, load).catch(() => report(key, 'load-failed'));
    }
    return found.copy;
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
      await stored.remove(key, id);
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

/** From the store, else from the load; kept in both unless the key was dropped meanwhile. */
async function fetch(
  { copies, stored, report }: Levels,
  key: Key,
  id: string,
  load: () => Promise<string | undefined>,
  isDoomed: () => boolean,
): Promise<string> {
  const known = await stored.get(key, id);
  if (known !== undefined) {
    report(key, 'hit-store');
    if (!isDoomed()) copies.keep(key, id, known);
    return known;
  }
  report(key, 'miss');
  const text = (await runShared(load)) ?? nothing;
  if (isDoomed()) return text;
  if (Buffer.byteLength(text) > key.sizeMaxBytes) {
    report(key, 'too-large');
    return text;
  }
  copies.keep(key, id, text);
  await stored.set(key, id, text);
  // Dropped while the store was being written: what was written is old.
  if (isDoomed()) await stored.remove(key, id);
  return text;
}
