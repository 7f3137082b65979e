/**
 * What the store holds of a cache. A failure is reported and otherwise as good as nothing. Keys that are being removed, or could not
 * be, are not believed until their time is over: what the store holds for them is old.
 */
import { LRUCache } from 'lru-cache';
import type { Key } from './keys.ts';
import type { Store } from './store.ts';

export interface StoredTexts {
  get(key: Key, id: string): Promise<string | undefined>;
  set(key: Key, id: string, text: string): Promise<void>;
  /** Not believed from the call on. */
  remove(key: Key, id: string): Promise<void>;
}

export interface StoredTextsDependencies {
  readonly store: Pick<Store, 'get' | 'set' | 'remove'>;
  readonly now: () => number;
  readonly onFailed: (key: Key) => void;
}

const distrustedMax = 10_000;

export function createStoredTexts({ store, now, onFailed }: StoredTextsDependencies): StoredTexts {
  const distrusted = new LRUCache<string, { readonly untilMs: number }>({ max: distrustedMax });
  return {
    async get(key, id) {
      if ((distrusted.get(id)?.untilMs ?? 0) > now()) return undefined;
      return await store.get(id).catch(() => {
        onFailed(key);
        return undefined;
      });
    },
    set: (key, id, text) => store.set(id, text, key.ttlSeconds ?? 1).catch(() => onFailed(key)),
    async remove(key, id) {
      const mark = { untilMs: now() + (key.ttlSeconds ?? 1) * 1000 };
      distrusted.set(id, mark);
      try {
        await store.remove([id]);
        // Not what a later removal has to say.
        if (distrusted.get(id) === mark) distrusted.delete(id);
      } catch {
        onFailed(key);
      }
    },
  };
}
