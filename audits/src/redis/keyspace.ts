import { keyDeclarationOf } from '@sanctum/platform/redis/keys';
import type { CatalogueKey } from '@sanctum/platform/redis/keys';
import type { CheckContext, CheckResult, CouldNotLook, KeyMeasure, RedisTarget } from '../check.ts';
import { ask, isRefused, unanswered } from './ask.ts';
import { createKeyGroups, patternOf } from './key-groups.ts';
import type { KeyGroup } from './key-groups.ts';
import { textOfKey } from './key-text.ts';

/**
 * Keys per page. Redis answers one command at a time, and a page and the measures of another can meet there: both
 * together took it 0.7 ms.
 */
const pageKeys = 250;
/** Below the time limit of the checks, so that all of them hear what was seen and what was not. */
const walkTimeMs = 40_000;
/** What PTTL answers for a key that never expires; −2 is a key that has gone meanwhile. */
const never = -1;
/** Clocks and rounding. */
const toleranceMs = 1_000;

export type DeclaredKeys = readonly { readonly declaration: CatalogueKey; readonly group: KeyGroup; readonly largestBytes: number }[];

/** What one walk over all keys saw: counts, and a few names per group. */
export interface Keyspace {
  readonly examined: number;
  /** Keys of declared strings: each had its life and size measured, unless that was refused. */
  readonly declared: number;
  readonly undeclared: readonly KeyGroup[];
  readonly unending: DeclaredKeys;
  readonly tooLong: DeclaredKeys;
  readonly tooLarge: DeclaredKeys;
  readonly otherType: DeclaredKeys;
  readonly notLooked?: NonNullable<CheckResult['notLooked']>;
  /** Redis names its keys and refuses to tell their life and size: whoever judges those could not look. */
  readonly refusal?: CouldNotLook;
}

/** The key space of the audited Redis, walked once per review. Throws `CouldNotLook` when Redis does not answer at all. */
export function readKeyspace({ redis, once }: Pick<CheckContext, 'redis' | 'once'>): Promise<Keyspace> {
  return once('redis/keyspace', () => walkKeyspace(redis));
}

/** The same for a check that judges lives or sizes. Throws `CouldNotLook` where Redis refuses to tell them, too. */
export async function readMeasuredKeyspace(ctx: Pick<CheckContext, 'redis' | 'once'>): Promise<Keyspace> {
  const keyspace = await readKeyspace(ctx);
  if (keyspace.refusal !== undefined) throw keyspace.refusal;
  return keyspace;
}

/**
 * Visits every key with one SCAN. Only keys of declared strings are measured, a page at a time, while the next page is on
 * its way. Memory stays that of a few pages; a walk that ends early says how far it came.
 */
export async function walkKeyspace(redis: RedisTarget, timeMs = walkTimeMs): Promise<Keyspace> {
  const about = Number(await ask(redis, 'dbsize'));
  const deadline = performance.now() + timeMs;
  const seen = createSightings();
  let failure: Error | undefined;
  let before = Promise.resolve();
  let last = before;
  let reading: Promise<{ next: string; keys: Buffer[] }> | undefined = redis.page('0', pageKeys);
  while (reading !== undefined) {
    const page: { next: string; keys: Buffer[] } | undefined = await reading.catch((cause: unknown) => {
      failure ??= unanswered('scan', cause);
      return undefined;
    });
    await before;
    if (page === undefined || failure !== undefined) break;
    const isLate: boolean = performance.now() >= deadline && page.next !== '0';
    reading = page.next === '0' || isLate ? undefined : redis.page(page.next, pageKeys);
    before = last;
    last = seen.take(redis, page.keys).catch((cause: unknown) => {
      failure ??= unanswered('pttl and strlen', cause);
    });
    if (isLate) failure ??= new Error(`The walk over the keys was ended after ${timeMs / 1_000} s.`);
  }
  await Promise.all([before, last]);
  const result = seen.result();
  if (failure === undefined) return result;
  // Nothing was seen: the cause itself is the best answer.
  if (result.examined === 0) throw failure;
  return { ...result, notLooked: notLooked(failure, result.examined, about) };
}

function notLooked(failure: Error, examined: number, about: number): NonNullable<CheckResult['notLooked']> {
  const fix =
    'fix' in failure ? String(failure.fix) : 'Find what makes so many keys, or what slows Redis: redis-cli -u "$REDIS_URL" --memkeys';
  return { message: `${failure.message} Looked at ${examined} of about ${about} keys.`, fix };
}

function createSightings() {
  const undeclared = createKeyGroups();
  const [unending, tooLong, tooLarge, otherType] = [declaredGroups(), declaredGroups(), declaredGroups(), declaredGroups()];
  let examined = 0;
  let declared = 0;
  const judge = (key: string, declaration: CatalogueKey, { lifeMs, bytes }: KeyMeasure) => {
    const lifeMaxMs = declaration.ttlSeconds === null ? Infinity : declaration.ttlSeconds * 1_000 + toleranceMs;
    if (lifeMs === never && lifeMaxMs !== Infinity) unending.add(declaration, key);
    else if (lifeMs > lifeMaxMs) tooLong.add(declaration, key);
    if (bytes === undefined) otherType.add(declaration, key);
    else if (bytes > declaration.sizeMaxBytes) tooLarge.add(declaration, key, bytes);
  };
  let refusal: CouldNotLook | undefined;
  const measuresOf = async (redis: RedisTarget, strings: readonly { readonly bytes: Buffer }[]) => {
    if (refusal !== undefined) return undefined;
    try {
      return await redis.measures(strings.map(({ bytes }) => bytes));
    } catch (cause) {
      if (!isRefused(cause)) throw cause;
      refusal = unanswered('pttl and strlen', cause);
      return undefined;
    }
  };
  return {
    /** Counts and measures one page. Throws the driver's error; its keys then count as not looked at. */
    async take(redis: RedisTarget, page: readonly Buffer[]): Promise<void> {
      const foreign: string[] = [];
      const strings: { bytes: Buffer; key: string; declaration: CatalogueKey }[] = [];
      for (const bytes of page) {
        const key = textOfKey(bytes);
        const declaration = keyDeclarationOf(key);
        if (declaration?.type === 'string') strings.push({ bytes, key, declaration });
        else if (declaration === undefined || declaration.type === 'channel') foreign.push(key);
        // A set has no length in bytes that is cheap to ask for: its pattern is known, and that is what is looked at.
        else declared += 1;
      }
      const measures = await measuresOf(redis, strings);
      for (const [index, { key, declaration }] of strings.entries()) {
        if (measures === undefined) break;
        const measure = measures[index];
        if (measure === undefined) throw new Error(`Redis measured ${measures.length} of ${strings.length} keys`);
        judge(key, declaration, measure);
      }
      for (const key of foreign) undeclared.add(patternOf(key), key);
      examined += page.length;
      declared += strings.length;
    },
    result: (): Keyspace => ({
      examined,
      declared,
      undeclared: undeclared.list(),
      unending: unending.list(),
      tooLong: tooLong.list(),
      tooLarge: tooLarge.list(),
      otherType: otherType.list(),
      ...(refusal === undefined ? {} : { refusal }),
    }),
  };
}

/** Groups by declaration: as many as the catalogue has entries. */
function declaredGroups() {
  const groups = createKeyGroups();
  const known = new Map<string, { declaration: CatalogueKey; largestBytes: number }>();
  return {
    add(declaration: CatalogueKey, key: string, bytes = 0) {
      groups.add(declaration.glob, key);
      const largestBytes = Math.max(bytes, known.get(declaration.glob)?.largestBytes ?? 0);
      known.set(declaration.glob, { declaration, largestBytes });
    },
    list: (): DeclaredKeys =>
      groups.list().flatMap((group) => {
        const entry = known.get(group.pattern);
        return entry === undefined ? [] : [{ ...entry, group }];
      }),
  };
}
