/**
 * Cursors of lists: opaque to clients, signed, bound to one list of one reader.
 *
 * Layout, base64url: 16 bytes of HMAC-SHA-256, 8 bytes of the scope's digest, the value as JSON. The signature
 * covers the rest, so that a cursor of another list or reader is told from a forged one.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import { AppError } from '../errors.ts';

/** A snapshot of PostgreSQL is the longest part a cursor carries; feeds drop it long before this bound. */
export const cursorCharactersMax = 2048;

const signatureBytes = 16;
const scopeBytes = 8;
const base64url = /^[A-Za-z0-9_-]+$/;

export interface Cursors {
  /** `scope` names the list, its filters and its reader. Throws when the cursor would be too long to come back. */
  sign(scope: string, value: object): string;
  /** The value. Throws `cursor.invalid` for anything this server did not sign, `cursor.foreign` for another scope. */
  open<T>(scope: string, text: string, schema: z.ZodType<T>): T;
}

export function createCursors({ key }: { readonly key: Uint8Array }): Cursors {
  const signature = (payload: Uint8Array) => createHmac('sha256', key).update(payload).digest().subarray(0, signatureBytes);

  return {
    sign(scope, value) {
      const payload = Buffer.concat([scopeDigest(scope), Buffer.from(JSON.stringify(value))]);
      const text = Buffer.concat([signature(payload), payload]).toString('base64url');
      if (text.length > cursorCharactersMax) {
        throw new RangeError(`a cursor of ${text.length} characters is longer than ${cursorCharactersMax}: put less into its value`);
      }
      return text;
    },
    open(scope, text, schema) {
      const payload = verified(text, signature);
      if (!payload.subarray(0, scopeBytes).equals(scopeDigest(scope))) throw new AppError('cursor.foreign');
      const value = schema.safeParse(JSON.parse(payload.subarray(scopeBytes).toString('utf8')));
      // Signed by us in an older shape: the client can only start again.
      if (!value.success) throw new AppError('cursor.invalid', { cause: value.error });
      return value.data;
    },
  };
}

function verified(text: string, signature: (payload: Uint8Array) => Buffer): Buffer {
  if (text.length > cursorCharactersMax || !base64url.test(text)) throw new AppError('cursor.invalid');
  const bytes = Buffer.from(text, 'base64url');
  // Base64 has spare bits in its last character: only the canonical spelling is one we gave out.
  if (bytes.length <= signatureBytes + scopeBytes || bytes.toString('base64url') !== text) throw new AppError('cursor.invalid');
  const payload = bytes.subarray(signatureBytes);
  if (!timingSafeEqual(bytes.subarray(0, signatureBytes), signature(payload))) throw new AppError('cursor.invalid');
  return payload;
}

function scopeDigest(scope: string): Buffer {
  return createHash('sha256').update(scope).digest().subarray(0, scopeBytes);
}
