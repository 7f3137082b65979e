import { setTimeout as delay } from 'node:timers/promises';
import { existsSync } from 'node:fs';
import type { TargetOptions } from '../../common-options.ts';
import type { Handler } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { stackHome } from '../../stack/home.ts';
import type { StackHome } from '../../stack/home.ts';
import { localDatabaseUrl } from '../../stack/inspect.ts';
import { resolveTarget } from '../../target.ts';
import type { TargetAddresses } from '../../target.ts';
import { causesPage } from './cause.ts';
import type { Cause, Look } from './cause.ts';
import { renderDoctor } from './doctor.screen.ts';
import { lookAtDatabase, lookAtMigrations } from './look-at-database.ts';
import { lookAtMachine } from './look-at-machine.ts';
import { lookAtPlatform, lookAtRemotePlatform } from './look-at-platform.ts';
import { lookAtPostgres, lookAtRedis, lookAtRemoteRedis } from './look-at-stores.ts';

/** The whole command ends within 10 s: each look gets this long, and all look at once. */
const LOOK_TIMEOUT_MS = 8_000;

export type Diagnosis = {
  readonly healthy: boolean;
  /** The likeliest first. */
  readonly causes: readonly (Cause & { readonly runbook: string })[];
  readonly looked: readonly string[];
  readonly couldNotLook: readonly { readonly name: string; readonly reason: string }[];
};

/** Looks at every part at once and ranks what may be the cause. Changes nothing. */
export const doctor: Handler<TargetOptions> = async ({ output, env, cwd }, options) => {
  const home = stackHome(env);
  const target = resolveTarget(options, env, cwd);
  const isElsewhere = target.source !== 'local stack' && target.source !== 'nowhere';
  const looks = isElsewhere ? remoteLooks(target) : localLooks(home, env);
  const diagnosis = await diagnose(looks, isElsewhere ? (causes) => explainElsewhere(causes, options) : explainLocally);
  if (output.isJson) output.json('sanctum.doctor/1', diagnosis);
  else output.data(renderDoctor(diagnosis, output.paint));
  return exitCodeOf(diagnosis);
};

/** 1 wins over 3; nothing looked at is 3, too. */
export function exitCodeOf({ healthy, causes }: Diagnosis): ExitCode {
  if (causes.length > 0) return exitCodes.findings;
  return healthy ? exitCodes.fine : exitCodes.inconclusive;
}

function remoteLooks({ databaseUrl, redisUrl, url }: TargetAddresses): Look[] {
  return [
    ...(url === undefined ? [] : [{ name: 'platform', run: () => lookAtRemotePlatform(url) }]),
    ...(redisUrl === undefined ? [] : [{ name: 'Redis', run: () => lookAtRemoteRedis(redisUrl) }]),
    ...(databaseUrl === undefined
      ? []
      : [
          { name: 'database', run: () => lookAtDatabase(databaseUrl) },
          { name: 'migrations', run: () => lookAtMigrations(databaseUrl) },
        ]),
  ];
}

function localLooks(home: StackHome, env: NodeJS.ProcessEnv): Look[] {
  const database = localDatabaseUrl(home);
  const started = existsSync(home.folder);
  return [
    { name: 'machine', run: () => lookAtMachine(home) },
    ...(started
      ? [
          { name: 'PostgreSQL', run: () => lookAtPostgres(home) },
          { name: 'Redis', run: () => lookAtRedis(home, env) },
          { name: 'platform', run: () => lookAtPlatform(home) },
        ]
      : []),
    ...(database === undefined
      ? []
      : [
          { name: 'database', run: () => lookAtDatabase(database) },
          { name: 'migrations', run: () => lookAtMigrations(database) },
        ]),
  ];
}

/** Runs the looks and ranks what they found; a look that throws or takes too long is named, never taken as "nothing". */
export async function diagnose(
  looks: readonly Look[],
  explain: (causes: readonly Cause[]) => readonly Cause[],
  timeoutMs = LOOK_TIMEOUT_MS,
): Promise<Diagnosis> {
  const results = await Promise.all(looks.map((look) => runLook(look, timeoutMs)));
  const causes = explain(results.flatMap((result) => result.causes)).toSorted((a, b) => b.confidence - a.confidence);
  return {
    healthy: causes.length === 0 && results.length > 0 && results.every((result) => result.reason === undefined),
    causes: causes.map((cause) => ({ ...cause, runbook: `${causesPage}#${cause.id}` })),
    looked: results.filter((result) => result.reason === undefined).map((result) => result.name),
    couldNotLook: results.flatMap(({ name, reason }) => (reason === undefined ? [] : [{ name, reason }])),
  };
}

async function runLook(look: Look, timeoutMs: number): Promise<{ name: string; causes: readonly Cause[]; reason?: string }> {
  const timer = new AbortController();
  try {
    const timeout = delay(timeoutMs, undefined, { signal: timer.signal }).then(() =>
      Promise.reject(new Error(`no answer within ${timeoutMs / 1_000} s`)),
    );
    return { name: look.name, causes: await Promise.race([look.run(), timeout]) };
  } catch (error) {
    return { name: look.name, causes: [], reason: error instanceof Error ? error.message : String(error) };
  } finally {
    timer.abort();
  }
}

/** A command that is to be typed next must go to the same system: without its flags it would go to the local stack. */
export function explainElsewhere(causes: readonly Cause[], { target, databaseUrl }: TargetOptions): readonly Cause[] {
  const flags = target !== undefined ? ` --target ${target}` : databaseUrl !== undefined ? ' --database-url "$DATABASE_URL"' : '';
  return causes.map((cause) =>
    /^npx sanctum-ops (migrate|audit) /.test(cause.next) ? { ...cause, next: `${cause.next}${flags}` } : cause,
  );
}

/**
 * Drops what only follows from something else: a database that does not run cannot be reached, and a
 * platform without its database is not ready. A stack whose parts are all down was stopped.
 */
export function explainLocally(causes: readonly Cause[]): readonly Cause[] {
  const has = (...ids: readonly Cause['id'][]) => causes.some((cause) => ids.includes(cause.id));
  const isDatabaseDown = has(
    'postgres-stopped',
    'postgres-half-initialised',
    'postgres-recovering',
    'postgres-port-foreign',
    'postgres-password-refused',
    'secrets-lost',
  );
  const isStopped = has('stopped', 'never-started');
  const follows = (cause: Cause) =>
    (cause.id === 'database-unreachable' && (isDatabaseDown || isStopped)) || (cause.id === 'platform-stopped' && isStopped);
  const kept = causes.filter((cause) => !follows(cause));
  return kept.map((cause) =>
    cause.id === 'platform-not-ready' && isDatabaseDown ? { ...cause, confidence: Math.min(cause.confidence, 0.3) } : cause,
  );
}
