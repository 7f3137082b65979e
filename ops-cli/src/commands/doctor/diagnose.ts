import { printable } from '@sanctum/migrations/printable';
import type { TargetOptions } from '../../common-options.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { pageOf } from './cause.ts';
import type { CauseDeclaration, Cure, Found } from './cause.ts';
import type { Look } from './look.ts';
import type { Blind } from './blind.ts';
import { isStopped } from './stopped.ts';

export interface Cause {
  readonly id: string;
  readonly title: string;
  readonly confidence: number;
  readonly evidence: readonly string[];
  /** What `next` will do, when it is a cure. */
  readonly cures: readonly string[];
  readonly next: string;
  readonly runbook: string;
}

export interface Diagnosis {
  /** `stopped`: the local stack rests because somebody stopped it. */
  readonly state: 'looked' | 'stopped' | 'nothing to look at';
  readonly healthy: boolean;
  /** The likeliest first. */
  readonly causes: readonly Cause[];
  readonly looked: readonly string[];
  readonly couldNotLook: readonly Blind[];
}

export interface Judged {
  readonly diagnosis: Diagnosis;
  readonly cures: ReadonlyMap<string, Cure>;
}

/** Judges what was seen: every cause that is there now, without those that only follow from another, ranked. */
export function diagnose({ sight, looked, blind }: Look, declared: readonly CauseDeclaration[], options: TargetOptions): Judged {
  const found = declared.flatMap((cause) => {
    const seen = cause.judge(sight);
    return seen === undefined ? [] : [{ cause, seen }];
  });
  const explained = new Set(found.flatMap(({ cause }) => cause.explains ?? []));
  const roots = found.filter(({ cause }) => !explained.has(cause.id)).toSorted((a, b) => b.seen.confidence - a.seen.confidence);
  const isResting = isStopped(sight) === 'on purpose';
  const couldNotLook = isResting ? [] : blind;
  const causes = roots.map(({ cause, seen }) => describe(cause, seen, sight.isLocal ? '' : flagsOf(options)));
  const diagnosis: Diagnosis = {
    state: isResting ? 'stopped' : looked.length + blind.length === 0 ? 'nothing to look at' : 'looked',
    healthy: causes.length === 0 && couldNotLook.length === 0 && looked.length > 0,
    causes,
    looked,
    couldNotLook,
  };
  return { diagnosis, cures: new Map(roots.flatMap(({ cause, seen }) => (seen.cure === undefined ? [] : [[cause.id, seen.cure]]))) };
}

/** Names and messages come from outside: none may move the cursor or hide a line. */
function describe(cause: CauseDeclaration, seen: Found, flags: string): Cause {
  return {
    id: cause.id,
    title: printable(seen.title ?? cause.title),
    confidence: seen.confidence,
    evidence: seen.evidence.map(printable),
    cures: (seen.cure?.does ?? []).map(printable),
    next: seen.cure === undefined ? withFlags(seen.next ?? '', flags) : `npx sanctum-ops doctor --cure ${cause.id} --yes${flags}`,
    runbook: pageOf(cause.id),
  };
}

/** A command that is to be typed next must go to the same system: without its flags it would go to the local stack. */
export function flagsOf({ target, databaseUrl, redisUrl, url }: TargetOptions): string {
  if (target !== undefined) return ` --target ${target}`;
  return [
    databaseUrl === undefined ? '' : ' --database-url "$DATABASE_URL"',
    redisUrl === undefined ? '' : ' --redis-url "$REDIS_URL"',
    url === undefined ? '' : ` --url ${url}`,
  ].join('');
}

export function withFlags(next: string, flags: string): string {
  if (/^npx sanctum-ops (audit|doctor)\b/.test(next)) return `${next}${flags}`;
  if (!/^npx sanctum-ops migrate\b/.test(next)) return next;
  // A migration needs the database alone, and knows no other flag.
  return `${next}${/ --(target \S+|database-url "\$DATABASE_URL")/.exec(flags)?.[0] ?? ''}`;
}

/** 1 wins over 3; nothing looked at is 3, too. */
export function exitCodeOf({ healthy, causes }: Diagnosis): ExitCode {
  if (causes.length > 0) return exitCodes.findings;
  return healthy ? exitCodes.fine : exitCodes.inconclusive;
}
