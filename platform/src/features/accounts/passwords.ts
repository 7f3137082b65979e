/**
 * Hashes and verifies passwords: argon2id at the OWASP floor, behind a gate.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import type { HashingGate } from './hashing-gate.ts';

const argon2id = 2;
const parameters = { algorithm: argon2id, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1, outputLen: 32 };
const saltBytes = 16;

export interface Passwords {
  /** The PHC string to store. Throws `auth.busy`. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password fits. Without a stored hash it works as long and says no, so that the time tells nobody which
   * names exist. Throws `auth.busy`.
   */
  verify(password: string, stored: string | undefined): Promise<boolean>;
  /** True when a stored hash was made with other parameters than today's. */
  isOutdated(stored: string): boolean;
}

export function createPasswords({ gate }: { readonly gate: HashingGate }): Passwords {
  const nobodys = randomHash();
  return {
    hash: (password) => gate.run(() => hash(normalise(password), parameters)),
    async verify(password, stored) {
      const fits = await gate.run(() => verify(stored ?? nobodys, normalise(password)));
      return stored !== undefined && fits;
    },
    isOutdated(stored) {
      const used = parseOptions(stored);
      return (
        Number(used.algorithm) !== parameters.algorithm ||
        used.memoryCost !== parameters.memoryCost ||
        used.timeCost !== parameters.timeCost ||
        used.parallelism !== parameters.parallelism ||
        used.outputLen !== parameters.outputLen
      );
    },
  };
}

/** The same characters typed on two keyboards are one password (NIST SP 800-63B §3.1.1.2). */
function normalise(password: string): string {
  return password.normalize('NFKC');
}

/** A well-formed hash that no known password has: costs nothing to make, as much as a real one to verify. */
function randomHash(): string {
  const part = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '');
  const { memoryCost, timeCost, parallelism, outputLen } = parameters;
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${part(saltBytes)}$${part(outputLen)}`;
}
