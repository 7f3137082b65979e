import { existsSync } from 'node:fs';
import { acquireLock } from '@sanctum/platform/local/lock';
import type { Handler } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { Output } from '../../output.ts';
import { knownPostgresPlace, stackHome } from '../../stack/home.ts';
import type { StackHome } from '../../stack/home.ts';
import { stopLogKeeper } from '../../stack/log-keeper.ts';
import { forgetFailure } from '../../stack/last-failure.ts';
import { stopPlatforms } from '../../stack/platform-process.ts';
import { stackProxy } from '../../stack/proxy.ts';
import { readSecrets } from '../../stack/secrets.ts';
import { stackPostgres, stackRedis } from '../../stack/stack.ts';
import { inspectStack } from '../../stack/inspect.ts';
import type { StoppedParts } from './down.document.ts';
import { renderStopped } from './down.screen.ts';

const lockWaitMs = 180_000;

export const down: Handler<{ dryRun: boolean }> = async ({ output, env, signal }, { dryRun }) => {
  const home = stackHome(env);
  if (dryRun) {
    const { platforms, proxy, redis, postgres } = await inspectStack(home, env);
    const alive = {
      platform: platforms.some(({ state }) => state !== 'stopped'),
      proxy: proxy.state === 'ready' || proxy.state === 'silent',
      redis: redis.state === 'running',
      postgres: postgres.state === 'running',
    };
    if (output.isJson) output.json('sanctum.down-plan/1', { wouldStop: alive });
    else
      output.data(
        Object.entries(alive)
          .map(([part, lives]) => `${part}: ${lives ? 'would be stopped' : 'does not run'}`)
          .join('\n'),
      );
    return exitCodes.fine;
  }
  if (!existsSync(home.folder)) {
    report({ platform: 'absent', proxy: 'absent', redis: 'absent', postgres: 'absent' }, output);
    return exitCodes.fine;
  }
  const release = await acquireLock(home.lockFile, { purpose: 'starting or stopping the stack', waitMs: lockWaitMs, signal });
  try {
    await stopAll(home, env, output);
  } finally {
    release();
  }
  return exitCodes.fine;
};

/** Stops every part that runs, the ones that use others first, and says how each ended. */
export async function stopAll(home: StackHome, env: NodeJS.ProcessEnv, output: Output): Promise<StoppedParts> {
  const secrets = readSecrets(home.secretsFile);
  const place = knownPostgresPlace(home);
  const stopped: StoppedParts = { platform: 'absent', proxy: 'absent', redis: 'absent', postgres: 'absent' };
  output.redraw('· stopping the platform …');
  // The proxy after them: until then it says politely that nobody answers.
  stopped.platform = await stopPlatforms(home);
  stopped.proxy = await stackProxy(home, env).stop();
  if (secrets !== undefined) {
    output.redraw('· stopping Redis …');
    stopped.redis = await stackRedis(home, secrets, env).stop();
    output.redraw('· stopping PostgreSQL …');
    if (place !== undefined) stopped.postgres = await stackPostgres(place, secrets).stop();
  }
  await stopLogKeeper(home);
  // Whoever stops the stack does not want the start any more that failed before.
  forgetFailure(home);
  report(stopped, output);
  return stopped;
}

function report(stopped: StoppedParts, output: Output): void {
  if (output.isJson) output.json('sanctum.down/1', { stopped });
  else output.data(renderStopped(stopped));
}
