import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { writeFileAtomically } from '@sanctum/platform/local/json-file';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

const secretBytes = 36;
/** Typed by a person: 120 bits in 20 characters. */
const randomBytesTyped = 15;
const modePrivate = 0o600;

/** Every secret of the local stack, in the order in which the file holds them. */
export const secretNames = [
  'JWT_SECRET',
  'SANCTUM_DATABASE_PASSWORD',
  'SANCTUM_POSTGRES_PASSWORD',
  'SANCTUM_REDIS_PASSWORD',
  'SANCTUM_DEMO_OWNER_PASSWORD',
] as const;

export type Secrets = Readonly<Record<(typeof secretNames)[number], string>>;

/** The secrets that an earlier start made, or undefined when one of them or the file is absent. */
export function readSecrets(file: string): Secrets | undefined {
  const found = parseFile(file);
  const complete = secretNames.every((name) => (found[name] ?? '') !== '');
  return complete ? (Object.fromEntries(secretNames.map((name) => [name, found[name]])) as Secrets) : undefined;
}

/**
 * Reads the secrets, making those that are absent from the system's random source; there is no
 * default. The file is readable by its owner alone, and made so again when it is not.
 * @param lostIfAbsent a data folder that an absent file would lock: an existing cluster only opens with its own password.
 */
export function ensureSecrets(
  file: string,
  lostIfAbsent: { dataDir: string | undefined },
): { secrets: Secrets; created: readonly string[] } {
  const found = parseFile(file);
  const missing = secretNames.filter((name) => (found[name] ?? '') === '');
  if (missing.includes('SANCTUM_POSTGRES_PASSWORD') && lostIfAbsent.dataDir !== undefined) {
    throw new CliError('SECRETS_LOST', `${lostIfAbsent.dataDir} holds a database, but its password is not in ${file}`, {
      fix: `put the file back from your backup, or begin anew: mv ${lostIfAbsent.dataDir} ${lostIfAbsent.dataDir}.aside && npx sanctum-ops up`,
      exitCode: exitCodes.findings,
    });
  }
  if (missing.length > 0) {
    const made = Object.fromEntries(
      missing.map((name) => [
        name,
        randomBytes(name === 'SANCTUM_DEMO_OWNER_PASSWORD' ? randomBytesTyped : secretBytes).toString('base64url'),
      ]),
    );
    const all = { ...found, ...made };
    const lines = Object.entries(all).map(([name, value]) => `${name}=${value}`);
    writeFileAtomically(
      file,
      `# Secrets of the local Sanctum stack, generated. Losing this file locks its database.\n${lines.join('\n')}\n`,
      modePrivate,
    );
  }
  if ((statSync(file).mode & 0o777) !== modePrivate) chmodSync(file, modePrivate);
  const secrets = readSecrets(file);
  if (secrets === undefined) throw new Error(`${file} does not hold what was just written to it`);
  return { secrets, created: missing };
}

function parseFile(file: string): Record<string, string | undefined> {
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}
