/**
 * The key catalogue: every key pattern and channel the platform uses in the store, declared once. It serves the
 * cache layer, the rate limiter, the keyspace audit and the cache page. Nothing else may build a key.
 */
import { createHash } from 'node:crypto';

export interface KeyDeclaration<P extends string> {
  readonly name: string;
  /** `prefix:{part}`: literal text and named parts, separated by colons. */
  readonly pattern: P;
  readonly type: 'string' | 'sorted-set' | 'channel';
  /** Longest life of the key in seconds; null for channels, which hold nothing. */
  readonly ttlSeconds: number | null;
  /** The source file that says when it is written; a test holds it to that. */
  readonly owner: string;
  readonly onMiss: string;
  readonly onFailure: string;
  readonly sizeMaxBytes: number;
  /** True when losing it loses something that was acknowledged. */
  readonly durable: boolean;
  /** Cached values: how long the copy in the process counts as fresh, and for how long after that it may be served while one reload runs. */
  readonly local?: { readonly freshMs: number; readonly staleMs: number };
}

/** One value per `{part}` of the pattern, in order. */
export type KeyParts<P extends string> = P extends `${string}{${string}}${infer Rest}`
  ? readonly [string | number, ...KeyParts<Rest>]
  : readonly [];

export interface Key<P extends string = string> extends KeyDeclaration<P> {
  /** The pattern as SCAN and the audit match it: every part is a star. */
  readonly glob: string;
  build(...parts: KeyParts<P>): string;
  /** The same from a list; throws when the number of parts is wrong. */
  buildFrom(parts: readonly (string | number)[]): string;
}

/** A type-erased entry, as the audits and the cache page see it. */
export type CatalogueKey = Omit<Key, 'build' | 'buildFrom'>;

const partLengthMax = 96;

/** Declares a key pattern. Throws at start-up when the declaration contradicts itself. */
export function defineKey<const P extends string>(declaration: KeyDeclaration<P>): Key<P> {
  const { name, pattern, type, ttlSeconds } = declaration;
  if (!/^[a-z_]+(:([a-z_]+|\{[a-z_]+\}))*$/.test(pattern))
    throw new Error(`key "${name}": write the pattern as words and {parts} separated by colons`);
  if ((type === 'channel') !== (ttlSeconds === null))
    throw new Error(`key "${name}": a channel has no ttlSeconds, every other key has one`);
  const pieces = pattern.split(/\{[a-z_]+\}/);
  const buildFrom = (parts: readonly (string | number)[]) => {
    if (parts.length !== pieces.length - 1) throw new Error(`key "${name}" takes ${pieces.length - 1} parts, got ${parts.length}`);
    return pieces.reduce((built, piece, index) => built + encodePart(parts[index - 1] ?? '') + piece);
  };
  return { ...declaration, glob: pieces.join('*'), build: (...parts: readonly (string | number)[]) => buildFrom(parts), buildFrom };
}

/** What encoding leaves as it is: nearly every part, and a cached answer builds its key each time. */
const isPlain = /^[\w.-]+$/;

/** A part cannot contain the separator or a glob sign, and cannot grow a key without bound. */
function encodePart(part: string | number): string {
  const encoded = isPlain.test(String(part)) ? String(part) : encodeURIComponent(part).replaceAll('*', '%2A');
  if (encoded.length > 0 && encoded.length <= partLengthMax) return encoded;
  return `sha256-${createHash('sha256').update(String(part)).digest('base64url')}`;
}

export const rateLimitKey = defineKey({
  name: 'rate_limit',
  pattern: 'rate_limit:{limit}:{caller}:{window}',
  type: 'string',
  ttlSeconds: 3600,
  owner: 'platform/src/limits/rate-limiter.ts',
  onMiss: 'The window starts at zero.',
  onFailure: 'Each process holds the limit by itself.',
  sizeMaxBytes: 20,
  durable: false,
});

export const feedPageKey = defineKey({
  name: 'feed_page',
  pattern: 'cache:feed:{feed}:{sort}:{limit}',
  type: 'string',
  ttlSeconds: 5,
  owner: 'platform/src/features/feeds/feeds.service.ts',
  onMiss: 'The page is read from PostgreSQL with one statement.',
  onFailure: 'The page is read from PostgreSQL; the copy in the process still serves.',
  sizeMaxBytes: 262_144,
  durable: false,
  local: { freshMs: 2000, staleMs: 2000 },
});

export const profileKey = defineKey({
  name: 'profile',
  pattern: 'cache:profile:{username}',
  type: 'string',
  ttlSeconds: 60,
  owner: 'platform/src/identity.ts',
  onMiss: 'The profile is read from PostgreSQL.',
  onFailure: 'The profile is read from PostgreSQL; the copy in the process still serves.',
  sizeMaxBytes: 16_384,
  durable: false,
  local: { freshMs: 5000, staleMs: 5000 },
});

export const hiddenPeopleKey = defineKey({
  name: 'hidden_people',
  pattern: 'cache:hidden:{user}',
  type: 'string',
  // Short: without Redis each instance keeps its own, and hears of no other's drops.
  ttlSeconds: 5,
  owner: 'platform/src/people.ts',
  onMiss: 'Who is hidden from the person is read from PostgreSQL.',
  onFailure: 'Who is hidden from the person is read from PostgreSQL; the copy in the process still serves.',
  sizeMaxBytes: 65_536,
  durable: false,
  local: { freshMs: 1000, staleMs: 0 },
});

export const presenceKey = defineKey({
  name: 'presence',
  pattern: 'presence:{user}',
  type: 'sorted-set',
  ttlSeconds: 45,
  owner: 'platform/src/presence/presence.ts',
  onMiss: 'The person is not here.',
  onFailure: 'Nobody knows who is here, and that is said.',
  sizeMaxBytes: 4096,
  durable: false,
});

export const cacheDropsChannel = defineKey({
  name: 'cache_drops',
  pattern: 'cache_drops',
  type: 'channel',
  ttlSeconds: null,
  owner: 'platform/src/redis/cache.ts',
  onMiss: 'A copy in another process lives until its own time is over.',
  onFailure: 'A copy in another process lives until its own time is over.',
  sizeMaxBytes: 512,
  durable: false,
});

export const readinessChannel = defineKey({
  name: 'readiness',
  pattern: 'readiness:{instance}',
  type: 'channel',
  ttlSeconds: null,
  owner: 'platform/src/http/routes/health.ts',
  onMiss: 'The store counts as degraded.',
  onFailure: 'The store counts as degraded; the instance stays ready.',
  sizeMaxBytes: 64,
  durable: false,
});

export const wsTicketKey = defineKey({
  name: 'ws_ticket',
  pattern: 'ws_ticket:{hash}',
  type: 'string',
  ttlSeconds: 30,
  owner: 'platform/src/sockets/tickets.ts',
  onMiss: 'The ticket opens nothing; the client asks for another.',
  onFailure: 'Tickets are kept in PostgreSQL; those in the store open nothing until it is back.',
  sizeMaxBytes: 256,
  durable: false,
});

export const streamChannel = defineKey({
  name: 'stream',
  pattern: 'stream:{kind}:{id}',
  type: 'channel',
  ttlSeconds: null,
  owner: 'platform/src/streams/broker.ts',
  onMiss: 'The next event shows the gap, or a check of positions within ten seconds, and the log is read.',
  onFailure: 'The other instances are woken through PostgreSQL and read the log.',
  sizeMaxBytes: 32_768,
  durable: false,
});

export const keyCatalogue: readonly CatalogueKey[] = [
  streamChannel,
  wsTicketKey,
  rateLimitKey,
  feedPageKey,
  profileKey,
  hiddenPeopleKey,
  presenceKey,
  cacheDropsChannel,
  readinessChannel,
];

// Compiled once: the audit asks for every key there is.
const patterns = keyCatalogue.map((declared) => ({ declared, pattern: globToPattern(declared.glob) }));

/** The declaration a key in the keyspace belongs to, else undefined. */
export function keyDeclarationOf(key: string): CatalogueKey | undefined {
  return patterns.find(({ pattern }) => pattern.test(key))?.declared;
}

function globToPattern(glob: string): RegExp {
  return new RegExp(`^${glob.replaceAll('*', '[^:]+')}$`);
}
