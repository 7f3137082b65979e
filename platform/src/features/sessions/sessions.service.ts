/**
 * Sessions: opened by signing in, kept alive by refreshing, ended by their owner, by a changed password or by a replayed
 * refresh token. What becomes of a refresh token is told in refresh-judgement.ts.
 */
import { randomBytes } from 'node:crypto';
import type { Database, Executor } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Announcements } from '../../events/events.ts';
import type { Reader } from '../../api/reader.ts';
import type { Me } from '../users/users.schema.ts';
import type { AccessTokens } from './access-tokens.ts';
import { createRefresh, type OpenSession, type Proof } from './refresh.ts';
import { nonceBytes, type RefreshTokens } from './refresh-tokens.ts';
import * as repository from './sessions.repository.ts';
import { type Device, type RevokedReason, trimmed } from './sessions.repository.ts';

export type { Device } from './sessions.repository.ts';
import type { Session, Transport } from './sessions.schema.ts';

/** Live sessions a user can have; the oldest give way. */
const sessionsPerUserMax = 100;

export interface SessionsDependencies {
  readonly db: Database;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly events: Announcements;
  readonly lifetimeSeconds: number;
}

export interface Sessions {
  /**
   * Undefined when the hash is no longer the account's, or the account was suspended or deleted meanwhile: what was
   * proven against it is worth nothing.
   */
  open(executor: Executor, user: Me, provenHash: string, device: Device): Promise<OpenSession | undefined>;
  /** Throws `auth.refresh_invalid`, `auth.refresh_reused` or `auth.suspended`. */
  refresh(token: string, transport: Transport, device: Device): Promise<OpenSession>;
  list(reader: Reader): Promise<Session[]>;
  /** Throws `session.not_found` for what is not a live session of the reader. */
  revoke(reader: Reader, sessionId: string): Promise<void>;
  revokeOthers(reader: Reader): Promise<void>;
  signOut(reader: Reader): Promise<void>;
  /** For callers with their own transaction. */
  endOthers(executor: Executor, reader: Reader, reason: RevokedReason): Promise<void>;
  endAll(executor: Executor, userId: string, reason: RevokedReason): Promise<void>;
}

export function createSessions({ db, accessTokens, refreshTokens, events, lifetimeSeconds }: SessionsDependencies): Sessions {
  async function withTokens(user: Me, { sessionId, generation, nonce, expiresAt }: Proof): Promise<OpenSession> {
    return {
      user,
      access: await accessTokens.issue({ userId: user.id, sessionId, role: user.role }),
      refreshToken: refreshTokens.derive(sessionId, generation, nonce),
      refreshExpiresAt: expiresAt,
    };
  }

  async function end(sessionId: string, userId: string, reason: RevokedReason): Promise<boolean> {
    const ended = await repository.revoke(db, sessionId, userId, reason);
    if (ended) announceEnded(db, userId, [sessionId]);
    return ended;
  }

  function announceEnded(executor: Executor, userId: string, sessionIds: readonly string[]): void {
    if (sessionIds.length > 0) events.announce(executor, 'sessionsEnded', { userId, sessionIds });
  }

  async function endOthers(executor: Executor, { userId, sessionId }: Reader, reason: RevokedReason): Promise<void> {
    announceEnded(executor, userId, await repository.revokeOthers(executor, userId, sessionId, reason));
  }

  const refresh = createRefresh({ db, refreshTokens, lifetimeSeconds, withTokens, end });

  return {
    async open(executor, user, provenHash, device) {
      const nonce = randomBytes(nonceBytes);
      const session = await repository.insertSession(executor, {
        userId: user.id,
        passwordHash: provenHash,
        nonce,
        lifetimeSeconds,
        ...trimmed(device),
      });
      if (session === undefined) return undefined;
      announceEnded(executor, user.id, await repository.revokeExcess(executor, user.id, sessionsPerUserMax));
      const { id: sessionId, expiresAt, role } = session;
      return withTokens({ ...user, role }, { sessionId, generation: 0, nonce, expiresAt });
    },
    refresh,
    async list(reader) {
      const rows = await repository.findLive(db, reader.userId, sessionsPerUserMax);
      return rows.map((row) => ({
        id: row.id,
        userAgent: row.user_agent,
        address: row.address,
        createdAt: row.created_at.toISOString(),
        lastSeenAt: row.last_seen_at.toISOString(),
        current: row.id === reader.sessionId,
      }));
    },
    async revoke(reader, sessionId) {
      if (!(await end(sessionId, reader.userId, 'revoked'))) throw new AppError('session.not_found');
    },
    revokeOthers: (reader) => endOthers(db, reader, 'revoked'),
    async signOut(reader) {
      await end(reader.sessionId, reader.userId, 'signed-out');
    },
    endOthers,
    async endAll(executor, userId, reason) {
      announceEnded(executor, userId, await repository.revokeAll(executor, userId, reason));
    },
  };
}
