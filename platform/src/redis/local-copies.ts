/** Copies of texts in this process, bounded in bytes: fresh, then stale for a short time, then gone. */
import { LRUCache } from 'lru-cache';
import type { Key } from './keys.ts';

export interface LocalCopy {
  readonly text: string;
  /** Encoded when first asked for. */
  bytes: Buffer | undefined;
  readonly freshUntilMs: number;
  readonly goneAtMs: number;
}

export interface LocalCopies {
  /** Kept as long as the key declares, which may be not at all. */
  keep(key: Key, id: string, text: string): void;
  /** Undefined when it is gone. */
  find(id: string): { readonly copy: LocalCopy; readonly fresh: boolean } | undefined;
  remove(id: string): void;
  clear(): void;
}

export interface LocalCopiesOptions {
  /** Of all keys together. */
  readonly bytesMax: number;
  readonly now: () => number;
}

const copyOverheadBytes = 200;

export function createLocalCopies({ bytesMax, now }: LocalCopiesOptions): LocalCopies {
  const copies = new LRUCache<string, LocalCopy>({
    maxSize: bytesMax,
    // Two bytes a character in the worst case, and up to three more once it is encoded.
    sizeCalculation: (copy, id) => copyOverheadBytes + 2 * id.length + 5 * copy.text.length,
  });
  return {
    keep(key, id, text) {
      const { freshMs, staleMs } = key.local ?? { freshMs: 0, staleMs: 0 };
      if (freshMs > 0) copies.set(id, { text, bytes: undefined, freshUntilMs: now() + freshMs, goneAtMs: now() + freshMs + staleMs });
    },
    find(id) {
      const copy = copies.get(id);
      const time = now();
      return copy === undefined || time >= copy.goneAtMs ? undefined : { copy, fresh: time < copy.freshUntilMs };
    },
    remove: (id) => {
      copies.delete(id);
    },
    clear: () => copies.clear(),
  };
}
