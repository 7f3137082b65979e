/** The part of the composition root that knows who is who: tokens, sessions, accounts, people. */
import { availableParallelism } from 'node:os';
import type { Config } from './config/config.ts';
import type { Database } from './db/database.ts';
import { deriveKey } from './derived-keys.ts';
import { createAccountRoutes } from './features/accounts/accounts.handlers.ts';
import { createAccounts } from './features/accounts/accounts.service.ts';
import { createHashingGate } from './features/accounts/hashing-gate.ts';
import { createKnownDevices } from './features/accounts/known-devices.ts';
import { createPasswords } from './features/accounts/passwords.ts';
import { createSignInLimiter } from './features/accounts/sign-in-limiter.ts';
import { createAccessTokens } from './features/sessions/access-tokens.ts';
import { type Authenticate, createAuthenticate } from './features/sessions/authenticate.ts';
import { createRefusedCredentials } from './features/sessions/refused-credentials.ts';
import { createRefreshTokens } from './features/sessions/refresh-tokens.ts';
import { createRevocations, type Revocations } from './features/sessions/revocations.ts';
import { createSessionRoutes } from './features/sessions/sessions.handlers.ts';
import { createSessions } from './features/sessions/sessions.service.ts';
import { createUserRoutes } from './features/users/users.handlers.ts';
import { createUsers, type Users } from './features/users/users.service.ts';
import { createCredentialCookies } from './http/routes/credential-cookies.ts';
import { createCrossSiteGuard, type CrossSiteGuard } from './http/routes/csrf.ts';
import type { Announcements } from './events/events.ts';
import type { RateLimiter } from './limits/rate-limiter.ts';
import type { RateLimitName, Route } from './http/routes/route.ts';
import type { Cache } from './redis/cache.ts';
import { profileKey } from './redis/keys.ts';
import type { Logger } from './telemetry/logging.ts';

const secondsPerDay = 86_400;

export interface IdentityDependencies {
  readonly config: Pick<Config, 'jwtSecret' | 'accessTokenSeconds' | 'sessionDays' | 'allowedOrigins' | 'publicOrigin'>;
  readonly db: Database;
  readonly limiter: RateLimiter<RateLimitName>;
  readonly cache: Cache;
  readonly events: Announcements;
  readonly logger: Logger;
  /** Browsers reach the platform by https. */
  readonly https: boolean;
}

export interface Identity {
  readonly authenticate: Authenticate;
  readonly crossSite: CrossSiteGuard;
  /** Started before the first request, stopped after the last. */
  readonly revocations: Revocations;
  readonly users: Users;
  readonly routes: readonly Route[];
}

export function createIdentity({ config, db, limiter, cache, events, logger, https }: IdentityDependencies): Identity {
  const cookies = createCredentialCookies({ secure: https });
  const crossSite = createCrossSiteGuard({ allowedOrigins: config.allowedOrigins, publicOrigin: config.publicOrigin, cookies });
  const accessTokens = createAccessTokens({ key: deriveKey(config.jwtSecret, 'access-token'), lifetimeSeconds: config.accessTokenSeconds });
  const refreshTokens = createRefreshTokens({ key: deriveKey(config.jwtSecret, 'refresh-token') });
  const revocations = createRevocations({
    db,
    accessLifetimeSeconds: config.accessTokenSeconds,
    onError: (error) =>
      logger.warn({ error }, 'revoked sessions could not be read: each request is checked against the database until they can'),
  });
  // Signing in, refreshing and ending sessions have their share of the pool, whatever writers do with theirs.
  const authDb = db.as('auth');
  const sessions = createSessions({
    db: authDb,
    accessTokens,
    refreshTokens,
    events,
    lifetimeSeconds: config.sessionDays * secondsPerDay,
  });
  const users = createUsers({
    db,
    profiles: {
      read: (username, load) => cache.read(profileKey, [username], load),
      drop: (username) => cache.drop(profileKey, [username]),
    },
  });
  const accounts = createAccounts({
    db: authDb,
    sessions,
    passwords: createPasswords({ gate: createHashingGate({ concurrency: Math.max(1, availableParallelism() - 1) }) }),
    limiter: createSignInLimiter({ points: limiter }),
    devices: createKnownDevices({ key: deriveKey(config.jwtSecret, 'device-token') }),
    events,
  });
  return {
    authenticate: createAuthenticate({ accessTokens, revocations, refusals: createRefusedCredentials({ points: limiter }), cookies }),
    crossSite,
    revocations,
    users,
    routes: [
      ...createAccountRoutes({ accounts, cookies, crossSite }),
      ...createSessionRoutes({ sessions, cookies, crossSite }),
      ...createUserRoutes({ users }),
    ],
  };
}
