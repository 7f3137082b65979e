/** Turns one refresh token into the next; what becomes of a token is told in refresh-judgement.ts. */
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import { toMe } from '../users/me.ts';
import type { Me } from '../users/users.schema.ts';
import type { IssuedToken } from './access-tokens.ts';
import { judgeRefresh, retryWindowSeconds } from './refresh-judgement.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import * as repository from './sessions.repository.ts';
import type { Device, RefreshRow, RevokedReason } from './sessions.repository.ts';
import type { Transport } from './sessions.schema.ts';

/** Rotations that may overtake one refresh before it gives up. */
const refreshAttemptsMax = 5;

/** A session with the tokens that prove it. */
export interface OpenSession {
  readonly user: Me;
  readonly access: IssuedToken;
  readonly refreshToken: string;
  readonly refreshExpiresAt: Date;
}

export interface Proof {
  readonly sessionId: string;
  readonly generation: number;
  readonly nonce: Buffer;
  readonly expiresAt: Date;
}

export interface RefreshDependencies {
  readonly db: Database;
  readonly refreshTokens: RefreshTokens;
  readonly lifetimeSeconds: number;
  readonly withTokens: (user: Me, proof: Proof) => Promise<OpenSession>;
  readonly end: (sessionId: string, userId: string, reason: RevokedReason) => Promise<boolean>;
}

/** Throws `auth.refresh_invalid`, `auth.refresh_reused` or `auth.suspended`. */
export type Refresh = (token: string, transport: Transport, device: Device) => Promise<OpenSession>;

export function createRefresh({ db, refreshTokens, lifetimeSeconds, withTokens, end }: RefreshDependencies): Refresh {
  return async (token, transport, device) => {
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
          const rotated = await repository.rotate(db, { sessionId, generation, lifetimeSeconds, ...repository.trimmed(device) });
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
  };
}

function assertUsable(row: RefreshRow): void {
  if (row.revoked_reason === 'reuse') throw new AppError('auth.refresh_reused');
  // Whoever held the session may know why it ended.
  if (row.suspended && row.revoked_reason === 'suspended') throw new AppError('auth.suspended');
  if (row.revoked_reason !== null || row.expired) throw new AppError('auth.refresh_invalid');
  if (row.suspended) throw new AppError('auth.suspended');
}
