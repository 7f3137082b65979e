import { existsSync } from 'node:fs';
import { acquireLock } from '@sanctum/platform/local/lock';
import { isSameProcess } from '@sanctum/platform/local/processes';
import { CliError } from '../../cli-error.ts';
import type { Handler } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { stopAll } from '../down/down.handler.ts';
import { followLog } from '../../stack/follow-log.ts';
import { instanceFiles, knownPostgresPlace, prepareHome, stackHome } from '../../stack/home.ts';
import type { StackHome } from '../../stack/home.ts';
import { forgetFailure, rememberFailure } from '../../stack/last-failure.ts';
import { startLogKeeper } from '../../stack/log-keeper.ts';
import { readPlatformRuns } from '../../stack/platform-process.ts';
import type { PlatformRun } from '../../stack/platform-process.ts';
import { frontOf } from '../../stack/proxy.ts';
import { reviewTarget } from '../../review.ts';
import { runSteps } from '../../steps/steps.ts';
import { resolveTarget } from '../../target.ts';
import { renderSummary, renderVerdict } from './up.screen.ts';
import type { UpResult } from './up-result.ts';
import { chooseInstances, choosePlatformPort, upSteps } from './up.steps.ts';
import type { UpOptions } from './up.steps.ts';

const lockWaitMs = 180_000;

/** Starts what does not run yet, waits until it is ready, and leaves it running. */
export const up: Handler<UpOptions> = async (context, options) => {
  const { output, env, signal } = context;
  const home = stackHome(env);
  const port = choosePlatformPort(home, env, options.port);
  const result: UpResult = { undo: [] };
  const instances = chooseInstances(home, options.instances);
  const steps = upSteps(home, { port, instances }, context, options, result);
  if (options.dryRun) {
    const names = steps.map((step) => step.name);
    if (output.isJson) output.json('sanctum.up-plan/1', { home: home.folder, port, instances, steps: names });
    else
      output.data(
        `would start Sanctum${instances === 1 ? '' : ` with ${instances} instances`} on http://127.0.0.1:${port} with its state in ${home.folder}:\n${names.map((name) => `  ${name}`).join('\n')}`,
      );
    return exitCodes.fine;
  }
  const startedAt = performance.now();
  prepareHome(home);
  const release = await acquireLock(home.lockFile, { purpose: 'starting or stopping the stack', waitMs: lockWaitMs, signal });
  let before;
  let records;
  try {
    before = readPlatformRuns(home).filter(isSameProcess);
    refuseOtherPort(before.length === 0 ? undefined : frontOf(home)?.port, options.port);
    records = await runSteps(steps, output, signal);
    await startLogKeeper(home);
    forgetFailure(home);
  } catch (error) {
    rememberFailure(home, port, error);
    if (signal.aborted) await undo(result, (line) => output.problem(line));
    throw error;
  } finally {
    release();
  }
  const run = result.run;
  if (run === undefined) throw new Error('the steps ended without a platform');
  const summary = {
    url: result.front?.url ?? run.url,
    owner:
      result.owner === undefined || result.secrets === undefined
        ? undefined
        : { username: result.owner.username, password: result.secrets.SANCTUM_DEMO_OWNER_PASSWORD },
    secretsFile: home.secretsFile,
    dataFolder: dataFolder(home),
    logFolder: home.logs,
    database: run.database,
    redis: run.redis,
    ...instancesNow(home, before),
    durationMs: Math.round(performance.now() - startedAt),
  };
  if (!output.isJson) output.data(renderSummary(summary, output.paint));
  const review = options.review ? await quickReview(context) : undefined;
  if (output.isJson) {
    const { owner, ...rest } = summary;
    output.json('sanctum.up/1', {
      ...rest,
      owner: owner?.username ?? null,
      steps: records,
      verdict: review?.verdict ?? null,
      because: review?.because ?? null,
    });
  } else if (review !== undefined) {
    output.data(renderVerdict(review, output.paint));
  }
  if (!options.follow) return exitCodes.fine;
  output.progress('following the logs; Ctrl-C stops everything');
  await followLog(instanceLogs(home), output, signal);
  await stopAll(home, env, output);
  return exitCodes.fine;
};

function instancesNow(home: StackHome, before: readonly PlatformRun[]) {
  const runs = readPlatformRuns(home);
  return {
    instances: runs.map(({ instance, pid, port, url }) => ({ instance, pid, port, url })),
    alreadyRunning: runs.every(({ pid }) => before.some((one) => one.pid === pid)),
  };
}

function instanceLogs(home: StackHome): string[] {
  return readPlatformRuns(home).map(({ instance }) => instanceFiles(home, instance).log);
}

function refuseOtherPort(running: number | undefined, asked: number | undefined): void {
  if (running === undefined || asked === undefined || running === asked) return;
  throw new CliError('STACK_RUNS_ELSEWHERE', `Sanctum already runs on port ${running}`, {
    fix: `use it there, or stop it first: npx sanctum-ops down && npx sanctum-ops up --port ${asked}`,
    exitCode: exitCodes.findings,
  });
}

async function undo(result: UpResult, say: (line: string) => void): Promise<void> {
  if (result.undo.length > 0) say('interrupted: stopping what was started');
  for (const stop of result.undo) await stop();
}

async function quickReview({ env, cwd, output, signal }: Parameters<typeof up>[0]) {
  output.redraw('· readiness review …');
  const target = resolveTarget({}, { ...env, DATABASE_URL: undefined, REDIS_URL: undefined, SANCTUM_URL: undefined }, cwd);
  return reviewTarget(target, { quick: true, signal });
}

function dataFolder(home: StackHome): string {
  const place = knownPostgresPlace(home);
  return place !== undefined && existsSync(place.dataDir) && !place.dataDir.startsWith(home.folder) ? place.dataDir : home.folder;
}
