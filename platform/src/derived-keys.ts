/** One secret in the configuration, one independent key per purpose (HKDF, RFC 5869). */
import { hkdfSync } from 'node:crypto';

export type KeyPurpose = 'access-token' | 'refresh-token' | 'device-token' | 'cursor';

export function deriveKey(secret: string, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'sanctum', purpose, 32));
}
