import { createTargets } from '../src/targets/targets.ts';
import type { Check, CheckContext, CheckResult, ConfigTarget, EarlierOutcome, RedisTarget, HttpTarget } from '../src/check.ts';

export interface TestWorld {
  /** A real database to open. */
  readonly databaseUrl?: string;
  /** A real Redis to open. */
  readonly redisUrl?: string;
  /** A real server to ask. */
  readonly baseUrl?: string;
  /** A real folder. */
  readonly root?: string;
  /** An imagined repository: path → text. Everything counts as tracked. */
  readonly files?: Readonly<Record<string, string>>;
  readonly config?: ConfigTarget;
  /** Plain objects in place of the real targets. */
  readonly redis?: RedisTarget;
  readonly http?: HttpTarget;
  readonly now?: Date;
  readonly earlier?: readonly EarlierOutcome[];
}

/** Runs one check against a small world; the result is the check's own, before waivers. */
export async function runInWorld(check: Check, world: TestWorld): Promise<CheckResult> {
  const targets = createTargets(world);
  try {
    const given = {
      ...(world.files ? { repository: imaginedRepository(world.files) } : {}),
      ...(world.redis ? { redis: world.redis } : {}),
      ...(world.http ? { http: world.http } : {}),
    };
    const fromTargets = check.needs.filter((need) => !(need in given));
    const opened = await targets.open(fromTargets);
    const ctx = Object.defineProperties({}, Object.getOwnPropertyDescriptors(opened)) as CheckContext;
    for (const [name, value] of Object.entries(given)) Object.defineProperty(ctx, name, { value });
    Object.assign(ctx, {
      now: world.now ?? new Date(),
      signal: AbortSignal.timeout(check.timeoutMs),
      earlier: world.earlier ?? [],
    });
    return await check.run(ctx);
  } finally {
    await targets.close();
  }
}

function imaginedRepository(files: Readonly<Record<string, string>>): CheckContext['repository'] {
  return {
    root: '/imagined',
    files: async (pattern) => {
      const { matchesGlob } = await import('node:path');
      const patterns = typeof pattern === 'string' ? [pattern] : pattern;
      return Object.keys(files)
        .filter((path) => patterns.some((one) => matchesGlob(path, one)))
        .toSorted();
    },
    read: async (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
      return text;
    },
    tracked: async () => Object.keys(files).toSorted(),
  };
}
