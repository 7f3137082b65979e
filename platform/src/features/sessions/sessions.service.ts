/**
 * Sessions: opened by signing in, kept alive by refreshing, ended by their owner, by a changed password or by a replayed
 * refresh token. What becomes of a refresh token is told in refresh-judgement.ts.
 */
import { randomBytes } from 'node:crypto';
import type { Database, Executor } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Announcements } from '../../events/events.ts';
import type { Reader } from '../../api/reader.ts';
import { toMe } from '../users/me.ts';
import type { Me } from '../users/users.schema.ts';
import type { AccessTokens, IssuedToken } from './access-tokens.ts';
import { judgeRefresh, retryWindowSeconds } from './refresh-judgement.ts';
import { nonceBytes, type RefreshTokens } from './refresh-tokens.ts';
import * as repository from './sessions.repository.ts';
import type { Device, RefreshRow, RevokedReason } from './sessions.repository.ts';

export type { Device } from './sessions.repository.ts';
import type { Session, Transport } from './sessions.schema.ts';

/** Live sessions a user can have; the oldest give way. */
const sessionsPerUserMax = 100;
const userAgentCharactersMax = 256;
/** Rotations that may overtake one refresh before it gives up. */
const refreshAttemptsMax = 5;

export interface SessionsDependencies {
  readonly db: Database;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly events: Announcements;
  readonly lifetimeSeconds: number;
}

/** A session with the tokens that prove it. */
export interface OpenSession {
  readonly user: Me;
  readonly access: IssuedToken;
  readonly refreshToken: string;
  readonly refreshExpiresAt: Date;
}

interface Proof {
  readonly sessionId: string;
  readonly generation: number;
  readonly nonce: Buffer;
  readonly expiresAt: Date;
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

  async function refresh(token: string, transport: Transport, device: Device): Promise<OpenSession> {
    const presented = refreshTokens.parse(token);
    if (presented === undefined) throw new AppError('auth.refresh_invalid');
    const { sessionId, generation } = presented;
    for (let attempt = 1; attempt <= refreshAttemptsMax; attempt += 1) {
      const row = await repository.findForRefresh(db, sessionId, retryWindowSeconds);
      if (row === undefined || !refreshTokens.isGenuine(presented, row.nonce)) throw new AppError('auth.refresh_invalid');
      assertUsable(row);
      const judgement = judgeRefresh({ presented: generation, current: row.generation, justRotated: row.just_rotated, transport });
      switch (judgement) {
        case 'repeat':
          return withTokens(toMe(row), { sessionId, generation: row.generation, nonce: row.nonce, expiresAt: row.expires_at });
        case 'rotate': {
          const rotated = await repository.rotate(db, { sessionId, generation, lifetimeSeconds, ...trim(device) });
          if (rotated !== undefined) return withTokens(toMe(row), { sessionId, nonce: row.nonce, ...rotated });
          break; // Another request was first: judge again by what it left.
        }
        case 'replayed':
          await end(sessionId, row.id, 'reuse');
          throw new AppError('auth.refresh_reused');
        case 'unknown':
          throw new AppError('auth.refresh_invalid');
      }
    }
    throw new AppError('server.busy', { retryAfterSeconds: 1 });
  }

  return {
    async open(executor, user, provenHash, device) {
      const nonce = randomBytes(nonceBytes);
      const session = await repository.insertSession(executor, {
        userId: user.id,
        passwordHash: provenHash,
        nonce,
        lifetimeSeconds,
        ...trim(device),
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

function assertUsable(row: RefreshRow): void {
  if (row.revoked_reason === 'reuse') throw new AppError('auth.refresh_reused');
  // Whoever held the session may know why it ended.
  if (row.suspended && row.revoked_reason === 'suspended') throw new AppError('auth.suspended');
  if (row.revoked_reason !== null || row.expired) throw new AppError('auth.refresh_invalid');
  if (row.suspended) throw new AppError('auth.suspended');
}

function trim(device: Device): Device {
  return { userAgent: device.userAgent.slice(0, userAgentCharactersMax), address: device.address };
}
