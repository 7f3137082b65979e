/** Chooses the store: Redis when an address is configured, else this process. */
import { createInProcessStore } from './in-process-store.ts';
import { observeStore, type StoreCommandEvent } from './observed-store.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  /** redis:// or rediss:// address; undefined for the in-process store. */
  readonly redisUrl: string | undefined;
  readonly onCommand?: (event: StoreCommandEvent) => void;
  /** Connection and subscriber errors; the connections are repeated by themselves. */
  readonly onError?: (error: unknown) => void;
  /** The breaker opened (Redis is given up for now) or closed. */
  readonly onStateChange?: (open: boolean) => void;
}

/** Never fails because Redis is away: the store then answers StoreUnavailable until Redis returns. */
export async function createStore(options: StoreOptions): Promise<Store> {
  const { redisUrl, onError, onStateChange } = options;
  if (redisUrl === undefined) {
    return observeStore(createInProcessStore(onError === undefined ? {} : { onSubscriberError: onError }), options.onCommand);
  }
  // Loaded here so that an instance without Redis starts without it.
  const { createRedisStore } = await import('./redis-store.ts');
  const store = createRedisStore({ url: redisUrl, ...(onError && { onError }), ...(onStateChange && { onStateChange }) });
  await store.connected;
  return observeStore(store, options.onCommand);
}
