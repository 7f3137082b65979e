/**
 * Access tokens: signed JWTs that live for minutes and are checked without a statement. A small cache remembers tokens
 * that were verified, never beyond their expiry, so that a busy reader costs one signature check and not one per request.
 */
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Reader } from '../../api/reader.ts';

/** With the first token that is signed or checked: a start needs none of it. */
const loadJose = () => import('jose');

const algorithm = 'HS256';
const issuer = 'sanctum';
const audience = 'sanctum-api';
const tokenCharactersMax = 1024;
const verifiedTokensMax = 10_000;

const claims = z.object({
  sub: z.string().regex(/^[1-9]\d{0,18}$/),
  sid: z.uuid(),
  role: z.enum(['user', 'admin']),
  exp: z.number(),
});

export interface AccessTokensOptions {
  readonly key: Buffer;
  readonly lifetimeSeconds: number;
  /** Milliseconds since the epoch; the wall clock. */
  readonly now?: () => number;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

export interface AccessTokens {
  readonly lifetimeSeconds: number;
  issue(reader: Reader): Promise<IssuedToken>;
  /** The reader a token was issued to, or null when it is forged, foreign or expired. */
  verify(token: string): Promise<Reader | null>;
  /** The same without waiting, for a token seen before; undefined when its signature has to be checked first: call verify then. */
  verifyLocally(token: string): Reader | null | undefined;
}

interface Verified {
  readonly reader: Reader;
  readonly expiresAtMs: number;
}

export function createAccessTokens({ key, lifetimeSeconds, now = Date.now }: AccessTokensOptions): AccessTokens {
  const verified = new LRUCache<string, Verified>({ max: verifiedTokensMax });

  function verifyLocally(token: string): Reader | null | undefined {
    if (token.length > tokenCharactersMax) return null;
    const known = verified.get(token);
    if (known === undefined) return undefined;
    if (known.expiresAtMs > now()) return known.reader;
    verified.delete(token);
    return null;
  }

  return {
    lifetimeSeconds,
    async issue(reader) {
      const { SignJWT } = await loadJose();
      const issuedAtSeconds = Math.floor(now() / 1000);
      const expiresAtSeconds = issuedAtSeconds + lifetimeSeconds;
      const token = await new SignJWT({ sid: reader.sessionId, role: reader.role })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(reader.userId)
        .setIssuedAt(issuedAtSeconds)
        .setExpirationTime(expiresAtSeconds)
        .sign(key);
      return { token, expiresAt: new Date(expiresAtSeconds * 1000) };
    },
    async verify(token) {
      const known = verifyLocally(token);
      if (known !== undefined) return known;
      const found = await check(token, key, now());
      if (found === null) return null;
      verified.set(token, found);
      return found.reader;
    },
    verifyLocally,
  };
}

async function check(token: string, key: Buffer, nowMs: number): Promise<Verified | null> {
  const { jwtVerify } = await loadJose();
  let payload: unknown;
  try {
    ({ payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      issuer,
      audience,
      currentDate: new Date(nowMs),
      requiredClaims: ['sub', 'exp', 'iat'],
    }));
  } catch (error) {
    // Every way in which a token can be wrong is the same answer: not signed in.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J')) return null;
    throw error;
  }
  const parsed = claims.safeParse(payload);
  if (!parsed.success) return null;
  const { sub, sid, role, exp } = parsed.data;
  return { reader: { userId: sub, sessionId: sid, role }, expiresAtMs: exp * 1000 };
}
