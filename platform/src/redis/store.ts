/**
 * The fast, forgetful store beside PostgreSQL. Two drivers — in-process and Redis — are held to one contract
 * suite. Every call may fail with StoreUnavailable within the command timeout; callers decide: caches and presence
 * go on without it, limits fall back to in-process ones, nothing acknowledged depends on it.
 */

export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super('The store did not answer in time.', { cause });
    this.name = 'StoreUnavailable';
  }
}

export interface Subscription {
  close(): Promise<void>;
}

export interface Store {
  readonly kind: 'in-process' | 'redis';
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  /** True when the key was not there and is now. */
  setIfAbsent(key: string, value: string, ttlSeconds: number): Promise<boolean>;
  /** Reads and removes in one step: exactly one of many callers gets the value. */
  take(key: string): Promise<string | undefined>;
  remove(keys: readonly string[]): Promise<void>;
  /** The count after adding `by` (one unless given); the first call starts the key's life of `ttlSeconds`. */
  increment(key: string, ttlSeconds: number, by?: number): Promise<number>;
  /** This holder holds each of the keys for so long, whoever else does. One round trip. */
  hold(keys: readonly string[], holder: string, ttlSeconds: number): Promise<void>;
  /** This holder gives them up. */
  release(keys: readonly string[], holder: string): Promise<void>;
  /** Of each key: whether anybody holds it. One round trip. */
  areHeld(keys: readonly string[]): Promise<readonly boolean[]>;
  publish(channel: string, message: string): Promise<void>;
  /**
   * Resolves once the subscription is live, or after the command timeout while the store is away; it then goes live
   * when the store returns. `onGap` is called whenever it comes back from a break: messages may have been lost.
   */
  subscribe(channel: string, onMessage: (message: string) => void, onGap?: () => void): Promise<Subscription>;
  /** Round trip, for readiness. Throws StoreUnavailable. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
