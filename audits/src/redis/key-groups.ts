import { isPrintable, printable } from '@sanctum/migrations/printable';
import { bytesOfKey } from './key-text.ts';

/** Groups of undeclared or wrong keys that are told apart; the rest is counted together. */
const groupsMax = 100;
/** Keys that one group names. */
const keysNamedMax = 20;
const restName = '(other)';

export interface KeyGroup {
  /** The key itself when it is alone, else the pattern that its keys share. */
  readonly pattern: string;
  readonly keys: string[];
  count: number;
}

/**
 * `posts:*:views` of `posts:8127:views`: parts that hold a digit, a byte that is no text, or are long are taken for names of
 * one thing. The first part stays, so that the owner can be recognised. A star that the key itself holds is written `\\*`, as
 * Redis reads it, so that the pattern of a key matches no keys of others.
 */
export function patternOf(key: string): string {
  const isText = key.isWellFormed();
  return key
    .split(':')
    .map((part, index) => {
      if (index > 0 && (/\d/.test(part) || part.length > 24 || !(isText || part.isWellFormed()))) return '*';
      const literal = part.slice(0, 96).replaceAll(/[*?[\]\\]/g, String.raw`\$&`);
      return part.length > 96 ? `${literal}*` : literal;
    })
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
      const name = groups.has(pattern) || groups.size < groupsMax ? pattern : restName;
      const group = groups.get(name) ?? { pattern: name, keys: [], count: 0 };
      group.count += 1;
      // SCAN may name a key twice.
      if (group.keys.length < keysNamedMax && !group.keys.includes(key)) group.keys.push(key);
      groups.set(name, group);
    },
    list: () => [...groups.values()].toSorted((a, b) => b.count - a.count),
  };
}

/** What grep -E would obey. */
const special = /[.[\]{}()+?^$|*\\]/g;

/** A shell line that gives every key of the group to one redis-cli command: the named ones, or all that match exactly. */
export function shellForKeys(group: KeyGroup, command: string, argument = ''): string {
  const cli = 'redis-cli -u "$REDIS_URL"';
  const tail = argument === '' ? '' : ` ${argument}`;
  // The rest has no pattern: its named keys are dealt with, and the next audit names more.
  if (group.count <= group.keys.length || group.pattern === restName) {
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
  // redis-cli writes one key a line, every odd byte by its number, and reads the same: no name can break out of its line.
  const glob = writtenAsRedis(group.pattern);
  const exact = [...group.pattern.matchAll(/\\?./gsu)]
    .map(([part]) => (part === '*' ? '[^:]+' : writtenAsRedis(part.replace(/^\\/u, '')).replaceAll(special, String.raw`\$&`)))
    .join('');
  const each = argument === '' ? `xargs -0 ${cli} --quoted-input ${command}` : `xargs -0 -I{} ${cli} --quoted-input ${command} {}${tail}`;
  return `${cli} --no-raw --scan --quoted-pattern ${shellQuoted(`"${glob}"`)} | grep -E ${shellQuoted(`^"${exact}"$`)} | tr '\\n' '\\0' | ${each}`;
}

const redisEscapes: Readonly<Record<string, string>> = {
  '\\': String.raw`\\`,
  '"': String.raw`\"`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
  '\u0007': String.raw`\a`,
  '\b': String.raw`\b`,
};

/** The text as redis-cli writes it between quotes: printable ASCII as itself, everything else by its escape. */
function writtenAsRedis(text: string): string {
  return Array.from(bytesOfKey(text), (byte) => {
    const char = String.fromCharCode(byte);
    return redisEscapes[char] ?? (byte >= 0x20 && byte < 0x7f ? char : hexOf(byte));
  }).join('');
}

/** `'"\x61…"'`: every byte by its number, as redis-cli reads quoted input. */
function bytesQuoted(text: string): string {
  return `'"${Array.from(bytesOfKey(text), hexOf).join('')}"'`;
}

function hexOf(byte: number): string {
  return String.raw`\x${byte.toString(16).padStart(2, '0')}`;
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
