import { CouldNotLook } from '../check.ts';
import type { CheckContext, ConfigTarget } from '../check.ts';
import { needs } from '../words.ts';
import type { Need } from '../words.ts';
import { settingText } from '../config/settings.ts';
import { databaseLabel, openDatabase } from './database.ts';
import type { StatementListener } from './database.ts';
import { openHttp } from './http.ts';
import { openRedis, redisLabel } from './redis.ts';
import { openRepository } from './repository.ts';

export interface TargetOptions {
  /** `postgres://…`; absent: checks that need the database are skipped. */
  readonly databaseUrl?: string | undefined;
  /** Hears every statement of a check before it is sent: for counting and explaining them. */
  readonly onStatement?: StatementListener | undefined;
  /** `redis://…`; absent: checks that need Redis are skipped, with the in-process driver named as the reason. */
  readonly redisUrl?: string | undefined;
  /** `http://127.0.0.1:8375`. */
  readonly baseUrl?: string | undefined;
  /** Folder of the checkout. */
  readonly root?: string | undefined;
  /** The settings the platform starts with. */
  readonly config?: ConfigTarget | undefined;
}

type Opened = Pick<CheckContext, 'db' | 'redis' | 'http' | 'repository' | 'config' | 'once'>;

export interface Targets {
  /** Per need: what is looked at, without credentials, or `not configured: …`. */
  readonly labels: Readonly<Record<Need, string>>;
  /** Why this need cannot be met by configuration, or undefined when it is configured. */
  missing(need: Need): string | undefined;
  /** Opens (once) every listed need. Throws `CouldNotLook`; a need that is not listed throws a TypeError on use. */
  open(wanted: readonly Need[]): Promise<Opened>;
  close(): Promise<void>;
}

const reasons: Record<Need, string> = {
  database: 'no database is configured (npx sanctum-ops up, --database-url or DATABASE_URL)',
  redis: 'Redis is not configured (REDIS_URL); the platform uses its in-process driver, which keeps nothing to audit',
  http: 'no platform address is configured (npx sanctum-ops up, --url or SANCTUM_URL)',
  repository: 'no checkout is configured',
  config: 'the settings of the platform are not known here',
};

/** The things a review looks at; each is opened when the first check needs it, and kept until `close`. */
export function createTargets(options: TargetOptions): Targets {
  const cleanups: (() => Promise<void>)[] = [];
  const openers: Record<Need, () => Promise<Partial<Opened>>> = {
    database: async () => {
      const opened = await openDatabase(options.databaseUrl ?? '', options.onStatement);
      cleanups.push(opened.close);
      return { db: opened.target };
    },
    redis: async () => {
      const opened = await openRedis(options.redisUrl ?? '');
      cleanups.push(opened.close);
      return { redis: opened.target };
    },
    http: async () => ({ http: await openHttp(options.baseUrl ?? '', operationsToken(options.config)) }),
    repository: async () => ({ repository: await openRepository(options.root ?? '') }),
    config: async () => ({ config: options.config as ConfigTarget }),
  };
  const configured: Record<Need, boolean> = {
    database: Boolean(options.databaseUrl),
    redis: Boolean(options.redisUrl),
    http: Boolean(options.baseUrl),
    repository: Boolean(options.root),
    config: options.config !== undefined,
  };
  const once = shareWork();
  const opened = new Map<Need, Promise<Partial<Opened>>>();
  const missing = (need: Need) => (configured[need] ? undefined : reasons[need]);
  const label = (need: Need, text: () => string) => (configured[need] ? text() : `not configured: ${reasons[need]}`);

  return {
    missing,
    labels: {
      database: label('database', () => databaseLabel(options.databaseUrl ?? '')),
      redis: label('redis', () => redisLabel(options.redisUrl ?? '')),
      http: label('http', () => options.baseUrl ?? ''),
      repository: label('repository', () => options.root ?? ''),
      config: label('config', () => `profile ${options.config?.profile ?? ''}`),
    },
    async open(wanted) {
      const parts = await Promise.all(
        wanted.map((need) => {
          const reason = missing(need);
          if (reason !== undefined) throw new CouldNotLook(`${reason}.`, { fix: 'Configure it and run again.' });
          const known = opened.get(need) ?? openers[need]();
          opened.set(need, known);
          return known;
        }),
      );
      return Object.assign(undeclared(wanted), { once }, ...parts) as Opened;
    },
    async close() {
      // What could not be opened was reported by its check.
      await Promise.allSettled(opened.values());
      // The review is over: a connection that does not close cleanly changes none of its answers.
      await Promise.allSettled(cleanups.map((cleanup) => cleanup()));
    },
  };
}

/** The token that the platform was started with, as far as it is known here. */
function operationsToken(config: ConfigTarget | undefined): string | undefined {
  return config === undefined ? undefined : settingText(config, 'OPERATIONS_TOKEN');
}

/** A promise per key; a work that failed is not remembered, so that the next check meets the error by itself. */
function shareWork(): CheckContext['once'] {
  const shared = new Map<string, Promise<unknown>>();
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const known = shared.get(key) ?? work();
    shared.set(key, known);
    try {
      return (await known) as T;
    } catch (error) {
      if (shared.get(key) === known) shared.delete(key);
      throw error;
    }
  };
}

const fieldOf: Record<Need, keyof Opened> = {
  database: 'db',
  redis: 'redis',
  http: 'http',
  repository: 'repository',
  config: 'config',
};

function undeclared(wanted: readonly Need[]): Partial<Opened> {
  const result = {};
  for (const need of needs.filter((candidate) => !wanted.includes(candidate))) {
    Object.defineProperty(result, fieldOf[need], {
      configurable: true,
      get() {
        throw new TypeError(`This check uses "${fieldOf[need]}" but does not declare the need "${need}".`);
      },
    });
  }
  return result;
}
