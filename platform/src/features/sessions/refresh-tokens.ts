/**
 * Refresh tokens are derived, never stored: session id (16 bytes) · generation (4 bytes) · HMAC-SHA-256 over both and the
 * session's nonce (32 bytes), as base64url. Any instance can make the current token of a session again, which is
 * what a client needs whose response was lost.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

const idBytes = 16;
const generationBytes = 4;
const macBytes = 32;
const tokenBytes = idBytes + generationBytes + macBytes;
const tokenPattern = new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((tokenBytes * 4) / 3)}}$`);

/** Bytes a session's nonce has. */
export const nonceBytes = 16;

export interface PresentedToken {
  readonly sessionId: string;
  readonly generation: number;
  readonly mac: Buffer;
}

export interface RefreshTokens {
  /** The token of one generation of a session. */
  derive(sessionId: string, generation: number, nonce: Buffer): string;
  /** The parts of a token, undefined when it is none. Nothing is proven yet. */
  parse(token: string): PresentedToken | undefined;
  /** True when this server made the token for this session. */
  isGenuine(presented: PresentedToken, nonce: Buffer): boolean;
}

export function createRefreshTokens({ key }: { readonly key: Buffer }): RefreshTokens {
  function macOf(head: Buffer, nonce: Buffer): Buffer {
    return createHmac('sha256', key).update(head).update(nonce).digest();
  }
  return {
    derive(sessionId, generation, nonce) {
      const head = headOf(sessionId, generation);
      return Buffer.concat([head, macOf(head, nonce)]).toString('base64url');
    },
    parse(token) {
      if (!tokenPattern.test(token)) return undefined;
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length !== tokenBytes) return undefined;
      return {
        sessionId: uuidOf(bytes.subarray(0, idBytes)),
        generation: bytes.readUInt32BE(idBytes),
        mac: bytes.subarray(idBytes + generationBytes),
      };
    },
    isGenuine(presented, nonce) {
      return timingSafeEqual(presented.mac, macOf(headOf(presented.sessionId, presented.generation), nonce));
    },
  };
}

function headOf(sessionId: string, generation: number): Buffer {
  const head = Buffer.alloc(idBytes + generationBytes);
  head.write(sessionId.replaceAll('-', ''), 'hex');
  head.writeUInt32BE(generation, idBytes);
  return head;
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
