import { isPrintable, printable } from '@sanctum/migrations/printable';
import { CouldNotLook } from '../check.ts';
import type { CheckContext, CheckResult, RedisTarget } from '../check.ts';

/** Keys per SCAN call: about half a millisecond of the server, and what one page holds in memory. */
const scanCount = 500;
/** Beyond this many keys the walk ends, and says so. */
export const keysMax = 2_000_000;
/** Groups of undeclared or wrong keys that are told apart; the rest is counted together. */
const groupsMax = 100;
/** Keys that one group names. */
export const keysNamedMax = 20;

export interface KeyGroup {
  /** The key itself when it is alone, else the pattern that its keys share. */
  readonly pattern: string;
  readonly keys: string[];
  count: number;
}

export interface Walk {
  readonly examined: number;
  readonly notLooked?: NonNullable<CheckResult['notLooked']>;
}

/** Visits the whole key space page by page; memory stays that of one page. Throws `CouldNotLook` when Redis stops answering. */
export async function walkKeyspace(
  { redis, signal }: Pick<CheckContext, 'redis' | 'signal'>,
  visit: (keys: readonly string[]) => void | Promise<void>,
  limit = keysMax,
): Promise<Walk> {
  let examined = 0;
  let cursor = '0';
  do {
    signal.throwIfAborted();
    const [next, keys] = (await ask(redis, 'scan', cursor, 'count', scanCount)) as [string, string[]];
    await visit(keys);
    examined += keys.length;
    cursor = next;
  } while (cursor !== '0' && examined < limit);
  if (cursor === '0') return { examined };
  return {
    examined,
    notLooked: {
      message: `The key space holds more than ${limit} keys: only the first ${examined} were looked at.`,
      fix: 'Find what makes so many: redis-cli -u "$REDIS_URL" --memkeys',
    },
  };
}

/** One command. Throws `CouldNotLook` with the way out when Redis stalls or refuses it. */
export async function ask(redis: RedisTarget, name: string, ...values: (string | number)[]): Promise<unknown> {
  try {
    return await redis.command(name, ...values);
  } catch (cause) {
    throw unanswered(`${name} ${values[0] ?? ''}`.trim(), cause);
  }
}

/** INFO of one section. Throws `CouldNotLook`. */
export async function info(redis: RedisTarget, section: string): Promise<Readonly<Record<string, string>>> {
  try {
    return await redis.info(section);
  } catch (cause) {
    throw unanswered(`info ${section}`, cause);
  }
}

function unanswered(command: string, cause: unknown): CouldNotLook {
  const message = cause instanceof Error ? cause.message : String(cause);
  const fix = message.startsWith('NOPERM')
    ? `Let the user of REDIS_URL run it: acl setuser <name> +${command.split(' ')[0] ?? ''}`
    : 'See whether Redis answers at all: redis-cli -u "$REDIS_URL" --latency; then run the audit again.';
  return new CouldNotLook(`Redis did not answer "${command}": ${message}.`, { fix, cause });
}

export function isRefused(error: unknown): boolean {
  const cause = error instanceof CouldNotLook ? error.cause : error;
  return cause instanceof Error && /^(NOPERM|ERR unknown)/.test(cause.message);
}

/**
 * `posts:*:views` of `posts:8127:views`: parts that hold a digit or are long are taken for names of one thing.
 * The first part stays, so that the owner can be recognised.
 */
export function patternOf(key: string): string {
  return key
    .split(':')
    .map((part, index) => (index > 0 && (/\d/.test(part) || part.length > 24) ? '*' : part.slice(0, 96)))
    .join(':');
}

export interface KeyGroups {
  add(pattern: string, key: string): void;
  /** Largest first. Past the limit of groups, the last one holds the rest under "(other)". */
  list(): KeyGroup[];
}

export function createKeyGroups(): KeyGroups {
  const groups = new Map<string, KeyGroup>();
  return {
    add(pattern, key) {
      const name = groups.has(pattern) || groups.size < groupsMax ? pattern : '(other)';
      const group = groups.get(name) ?? { pattern: name, keys: [], count: 0 };
      group.count += 1;
      // SCAN may name a key twice.
      if (group.keys.length < keysNamedMax && !group.keys.includes(key)) group.keys.push(key);
      groups.set(name, group);
    },
    list: () => [...groups.values()].toSorted((a, b) => b.count - a.count),
  };
}

/** A shell line that gives every key of the group to one redis-cli command: the named ones, or all that match exactly. */
export function shellForKeys(group: KeyGroup, command: string, argument = ''): string {
  const cli = 'redis-cli -u "$REDIS_URL"';
  const tail = argument === '' ? '' : ` ${argument}`;
  if (group.count <= group.keys.length) {
    // UNLINK takes many keys, EXPIRE one. What cannot be seen is written as bytes, which redis-cli reads behind --quoted-input.
    const plain = group.keys.filter(isPrintable);
    const hidden = group.keys.filter((key) => !isPrintable(key));
    const lines = (program: string, words: readonly string[]) =>
      argument === ''
        ? words.length === 0
          ? []
          : [`${program} ${command} ${words.join(' ')}`]
        : words.map((word) => `${program} ${command} ${word}${tail}`);
    return [...lines(cli, plain.map(shellQuoted)), ...lines(`${cli} --quoted-input`, hidden.map(bytesQuoted))].join('\n');
  }
  const glob = group.pattern.replaceAll(/[[\]?\\]/g, String.raw`\$&`);
  const exact = `^${group.pattern.replaceAll(/[.[\]{}()+?^$|\\]/g, String.raw`\$&`).replaceAll('*', '[^:]+')}$`;
  const each = argument === '' ? `xargs -0 ${cli} ${command}` : `xargs -0 -I{} ${cli} ${command} {}${tail}`;
  return `${cli} --scan --pattern ${shellQuoted(glob)} | grep -E ${shellQuoted(exact)} | tr '\\n' '\\0' | ${each}`;
}

/** `'"\x61…"'`: every byte by its number, as redis-cli reads quoted input. */
function bytesQuoted(text: string): string {
  const bytes = [...Buffer.from(text)].map((byte) => String.raw`\x${byte.toString(16).padStart(2, '0')}`);
  return `'"${bytes.join('')}"'`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** `"a", "b" and 12 more`. */
export function namesOf(group: KeyGroup, shown = 3): string {
  const names = group.keys.slice(0, shown).map((key) => printable(JSON.stringify(key.length > 120 ? `${key.slice(0, 120)}…` : key)));
  const rest = group.count - names.length;
  return names.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
