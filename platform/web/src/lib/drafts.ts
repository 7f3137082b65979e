import type { KeyValueStore } from './key-value-store.ts';

/**
 * What a person is writing, kept until it is sent: an error, a reload or an ended session loses no word.
 * Drafts belong to one user and leave the device when that user signs out.
 */
const prefix = 'sanctum.draft:';
const draftsMax = 40;
const draftCharsMax = 100_000;

export interface Drafts {
  read(key: string): string;
  write(key: string, value: string): void;
  clear(key: string): void;
  clearAll(): void;
}

export function createDrafts(store: KeyValueStore): Drafts {
  const keys = () => store.keys().filter((key) => key.startsWith(prefix));
  return {
    read: (key) => store.get(prefix + key) ?? '',
    write(key, value) {
      if (value === '') return store.remove(prefix + key);
      const kept = keys();
      if (!kept.includes(prefix + key) && kept.length >= draftsMax) store.remove(kept[0] ?? '');
      store.set(prefix + key, value.slice(0, draftCharsMax));
    },
    clear: (key) => store.remove(prefix + key),
    clearAll() {
      for (const key of keys()) store.remove(key);
    },
  };
}
