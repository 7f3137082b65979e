import { usageError } from './cli-error.ts';

type Parsed = Readonly<Record<string, unknown>>;

/** A text option, or undefined when it was not given. */
export function textOption(options: Parsed, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export function flagOption(options: Parsed, name: string): boolean {
  return options[name] === true;
}

/** A TCP port. @throws CliError (exit 2) naming the flag. */
export function portOption(options: Parsed, name: string, flag: string): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= 65_535) return port;
  throw usageError(`${flag} ${text} is not a port`, `give a whole number from 1 to 65535, for example ${flag} 8375`);
}

/** A whole number from 1 to `most`. @throws CliError (exit 2) naming the flag. */
export function countOption(options: Parsed, name: string, flag: string, most: number): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= 1 && count <= most) return count;
  throw usageError(
    `${flag} ${text} is not a number from 1 to ${most}`,
    `give a whole number from 1 to ${most}, for example ${flag} ${Math.min(3, most)}`,
  );
}

/** One of a few words. @throws CliError (exit 2) naming them. */
export function choiceOption<Word extends string>(options: Parsed, name: string, flag: string, words: readonly Word[]): Word | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const word = words.find((candidate) => candidate === text);
  if (word !== undefined) return word;
  throw usageError(`${flag} ${text} is not known`, `use one of: ${words.join(', ')}`);
}

/** The schemes that an address of each kind may have, the usual one first. */
export const addressSchemes = {
  databaseUrl: ['postgres', 'postgresql'],
  redisUrl: ['redis', 'rediss'],
  url: ['http', 'https'],
} as const;

/** A URL option with one of the given schemes. @throws CliError (exit 2) naming the flag. */
export function urlOption(options: Parsed, name: string, flag: string, schemes: readonly string[]): string | undefined {
  const text = textOption(options, name);
  return text === undefined ? undefined : requireUrl(text, `the value of ${flag}`, `${flag} `, schemes);
}

/** @throws CliError (exit 2) unless `text` is such a URL; the message never holds it, because it may carry a password. */
export function requireUrl(text: string, what: string, prefix: string, schemes: readonly string[]): string {
  const scheme = URL.parse(text)?.protocol.slice(0, -1);
  if (scheme !== undefined && schemes.includes(scheme)) return text;
  throw usageError(`${what} is not a URL of ${schemes.join(' or ')}`, `write it like: ${prefix}${schemes[0] ?? 'http'}://…`);
}
