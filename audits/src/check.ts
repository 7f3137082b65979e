import { createHash } from 'node:crypto';
import type { Profile } from '@sanctum/platform/profiles';
import { needs } from './words.ts';
import type { Area, Need, Severity } from './words.ts';

/** Reads from the audited database. Every call runs in a read-only transaction with a statement timeout. */
export interface DatabaseTarget {
  /** Rows of one statement; `$1…` placeholders only. Throws the driver's error. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /**
   * Several statements in one read-only transaction that is always rolled back
   * (for `set local`, or a consistent picture).
   */
  readOnly<T>(work: (query: DatabaseTarget['query']) => Promise<T>): Promise<T>;
}

export interface RedisTarget {
  /** One read-only command, as typed in redis-cli: `command('config', 'get', 'maxmemory')`. Refuses anything that writes. */
  command(name: string, ...values: (string | number)[]): Promise<unknown>;
  /** The server's INFO as one flat map, for one section or all of it. */
  info(section?: string): Promise<Readonly<Record<string, string>>>;
  /** One page of SCAN from a cursor (`0` begins and, as `next`, ends): keys as the bytes that they are. */
  page(cursor: string, count: number): Promise<{ next: string; keys: Buffer[] }>;
  /** Life and size of each key, in order: one command for all of them where the server allows it. */
  measures(keys: readonly Buffer[]): Promise<KeyMeasure[]>;
}

export interface KeyMeasure {
  /** What PTTL answers: milliseconds, −1 for a key without an end, −2 for one that has gone. */
  readonly lifeMs: number;
  /** Length of a string; undefined for any other type. */
  readonly bytes: number | undefined;
}

export interface HttpTarget {
  /** Origin of the audited platform, without a trailing slash. */
  readonly baseUrl: string;
  /** `fetch` of a path below `baseUrl` with a timeout; redirects are not followed. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export interface RepositoryTarget {
  /** Absolute folder. */
  readonly root: string;
  /** Paths relative to the root, sorted, `/` separated; `node_modules`, `.git`, `.sanctum`, `dist` never included. */
  files(pattern: string | readonly string[]): Promise<string[]>;
  /** UTF-8 text of one file, by its path relative to the root. */
  read(path: string): Promise<string>;
  /** What git tracks or would add (untracked, not ignored). Throws when the folder is not a git work tree. */
  tracked(): Promise<string[]>;
}

/** The settings that the audited platform starts with, as plain environment text. */
export interface ConfigTarget {
  readonly profile: Profile;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * What a check may touch. A target that the check did not declare in `needs` throws when it is used,
 * so that `needs` can be believed.
 */
export interface CheckContext {
  readonly db: DatabaseTarget;
  readonly redis: RedisTarget;
  readonly http: HttpTarget;
  readonly repository: RepositoryTarget;
  readonly config: ConfigTarget;
  /** The review's one clock reading; checks compare dates with it, so that a review can be replayed. */
  readonly now: Date;
  /** Aborts when the check's time is up. */
  readonly signal: AbortSignal;
  /**
   * Work that several checks of one review need: done once per key, its promise shared. What it reads is then one picture for all.
   */
  once<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** What the checks before this one found; empty unless the check `runsLast`. */
  readonly earlier: readonly EarlierOutcome[];
}

/** What a check that `runsLast` sees of the checks before it. */
export interface EarlierOutcome {
  readonly id: string;
  /** False when the check could not look or was skipped. */
  readonly looked: boolean;
  readonly findings: readonly Finding[];
}

export interface Finding {
  /** The thing that is wrong: `posts.author_id`, `GET /api/posts`, `0007_post_ranks.sql`. */
  readonly subject: string;
  /** One or two sentences: what was seen, with the reader's own names and numbers. */
  readonly detail: string;
  /** `path/from/root.ts:12`, or the name of a database object, key or route. */
  readonly location?: string;
  /** What may go wrong because of it. */
  readonly risk: string;
  /** Who feels it and how. */
  readonly impact: string;
  /** What to type or change, filled in. */
  readonly fix: string;
  /** Stable under line moves and repeated runs; made with `fingerprint(…)`. */
  readonly fingerprint: string;
  /** When this one finding weighs differently from the check's severity. */
  readonly severity?: Severity;
}

export interface CheckResult {
  /** How many things were looked at. Zero is an error unless the check says why it may be empty. */
  readonly examined: number;
  readonly findings: readonly Finding[];
  /** Why this check does not apply to what it met (a foreign database): the outcome is `skipped`, and that is no blindness. */
  readonly notApplicable?: string;
  /** Part of it could not be looked at: the outcome is `error`, and the findings of the rest are reported with it. */
  readonly notLooked?: { readonly message: string; readonly fix: string };
}

export interface Check {
  /** `<group>/<bad-condition>`: the path below `checks/` and below `runbooks/checks/`. */
  readonly id: string;
  /** The bad condition in words: "Foreign key without an index". */
  readonly title: string;
  readonly area: Area;
  /** Of a finding that does not carry its own. */
  readonly severity: Severity;
  readonly needs: readonly Need[];
  /** Requirement ids that this check gives evidence for. */
  readonly requirements: readonly string[];
  readonly timeoutMs: number;
  /** Why `examined: 0` is fine for this check; absent means that it is an error. */
  readonly mayBeEmpty?: string;
  /** Left out of a quick review because it takes seconds. */
  readonly slow?: boolean;
  /** False: the verdict does not depend on this check having looked. */
  readonly required?: boolean;
  /** Runs after all the others and judges what they found (`ctx.earlier`). */
  readonly runsLast?: boolean;
  run(ctx: CheckContext): Promise<CheckResult>;
}

const idPattern = /^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/;
const timeoutMsMax = 60_000;

/**
 * Declares one check. Throws a `TypeError` that names the check when the declaration breaks the contract,
 * so that a wrong declaration fails at load time and never inside a review.
 */
export function defineCheck(check: Check): Check {
  const wrong = (what: string): never => {
    throw new TypeError(`Check "${check.id}": ${what}`);
  };
  if (!idPattern.test(check.id)) wrong('the id is <group>/<bad-condition>, lower case words joined by "-".');
  if (check.title.trim() === '') wrong('the title is empty; name the bad condition.');
  if (check.needs.length === 0) wrong(`it needs nothing, so it looks at nothing; name one of ${needs.join(', ')}.`);
  if (!(check.timeoutMs > 0 && check.timeoutMs <= timeoutMsMax)) {
    wrong(`timeoutMs is ${check.timeoutMs}; it lies between 1 and ${timeoutMsMax}.`);
  }
  if (check.mayBeEmpty?.trim() === '') wrong('mayBeEmpty holds the reason; it is empty.');
  return Object.freeze(check);
}

/**
 * Sixteen hexadecimal digits from the parts that make a finding itself. Leave out line numbers, ages,
 * process ids and counts: a finding that moved or grew is the same finding.
 */
export function fingerprint(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/**
 * Thrown by a check (or a target) that could not look: the outcome is `error`, never `pass`.
 * `fix` says what to do so that it can look next time.
 */
export class CouldNotLook extends Error {
  readonly fix: string;
  constructor(message: string, options: { fix: string; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'CouldNotLook';
    this.fix = options.fix;
  }
}
