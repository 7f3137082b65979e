import type { KeyValueStore } from './key-value-store.ts';

/**
 * What the page may know about its session: that there is one and when its access expires. The credentials
 * themselves are HttpOnly cookies that no script can read; without this hint every anonymous visit would
 * start with two refused requests.
 */
const storageKey = 'sanctum.session';
const renewEarlyMs = 30_000;

export interface SessionHint {
  /** Local time (ms) from which access should be renewed before the next request; null without a session. */
  renewAtMs(): number | null;
  /** `serverNowMs`: the server's clock when it issued the expiry, so that a wrong local clock does not matter. */
  remember(accessTokenExpiresAt: string, serverNowMs: number): void;
  forget(): void;
}

export function createSessionHint({ store, now }: { store: KeyValueStore; now: () => number }): SessionHint {
  return {
    renewAtMs() {
      const stored = store.get(storageKey);
      if (stored === null) return null;
      const renewAtMs = Number(stored);
      return Number.isFinite(renewAtMs) ? renewAtMs : 0;
    },
    remember(accessTokenExpiresAt, serverNowMs) {
      const lifetimeMs = Date.parse(accessTokenExpiresAt) - serverNowMs;
      // A very short lifetime is halved instead, else every request would renew first.
      const untilRenewalMs = Math.max(lifetimeMs - renewEarlyMs, lifetimeMs / 2);
      store.set(storageKey, String(Math.round(now() + untilRenewalMs)));
    },
    forget() {
      store.remove(storageKey);
    },
  };
}

export const isSessionHintKey = (key: string | null): boolean => key === null || key === storageKey;
