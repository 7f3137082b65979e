/** The step that starts the platform: one process on the port, or several behind the proxy on the port. */
import { choosePort } from '@sanctum/platform/local/ports';
import type { CommandContext } from '../../context.ts';
import type { StackHome } from '../../stack/home.ts';
import {
  platformState,
  readPlatformRun,
  readPlatformRuns,
  startPlatform,
  stopPlatform,
  stopPlatforms,
} from '../../stack/platform-process.ts';
import type { PlatformRun, PlatformState } from '../../stack/platform-process.ts';
import { readProxyRun, stackProxy } from '../../stack/proxy.ts';
import { platformSettings } from '../../target.ts';
import { isGiven, required } from './up-result.ts';
import type { UpResult } from './up-result.ts';

const portMax = 65_535;
/** What the instances may have of the local database's hundred connections, all together, beside those for readiness and jobs. */
const poolConnectionsMax = 50;
const databasePoolMaxDefault = 10;

export interface PlatformPlan {
  readonly port: number;
  readonly instances: number;
}

export async function platformStep(home: StackHome, plan: PlatformPlan, context: CommandContext, result: UpResult): Promise<string> {
  return plan.instances === 1 ? startAlone(home, plan.port, context, result) : startBehindProxy(home, plan, context, result);
}

async function startAlone(home: StackHome, port: number, context: CommandContext, result: UpResult): Promise<string> {
  const isLeft = readProxyRun(home) !== undefined || readPlatformRuns(home).some(({ instance }) => instance > 1);
  if (isLeft) {
    await stopPlatforms(home);
    await stackProxy(home, context.env).stop();
  }
  const now = await platformState(home);
  if (now.run !== undefined && now.state !== 'stopped') {
    if (isUsable(now, result)) {
      result.run = now.run;
      return `already running, process ${now.run.pid}`;
    }
    await stopPlatform(home);
  }
  result.undo.unshift(() => stopPlatform(home));
  result.run = await startPlatform(home, { ...startOptions(context, result), port });
  return `process ${result.run.pid}, ${result.run.url}`;
}

/**
 * Every instance that is not as it ought to be starts again, one after the other. One that is to be stopped gets no new requests before;
 * the proxy leaves it out until it is ready again, so that readers notice nothing of it.
 */
async function startBehindProxy(home: StackHome, plan: PlatformPlan, context: CommandContext, result: UpResult): Promise<string> {
  const { port, instances } = plan;
  const { env } = context;
  const proxy = stackProxy(home, env);
  const host = isGiven(env['HOST']) ? env['HOST'] : '127.0.0.1';
  const direct = (without?: number) => {
    const runs = readPlatformRuns(home).filter(({ instance }) => instance <= instances);
    const upstreams = runs.map((run) => ({ port: run.port, isDown: run.instance === without }));
    return proxy.apply({ host, port, upstreams });
  };
  // An instance alone has the port that the proxy needs.
  if (readPlatformRun(home)?.port === port) await stopPlatform(home);
  const databasePoolMax = Math.min(databasePoolMaxDefault, Math.floor(poolConnectionsMax / instances));
  const kept: PlatformRun[] = [];
  const started: PlatformRun[] = [];
  for (let instance = 1; instance <= instances; instance += 1) {
    const now = await platformState(home, instance);
    if (now.run !== undefined && isUsable(now, result)) {
      kept.push(now.run);
      continue;
    }
    if (now.run !== undefined && now.state !== 'stopped') {
      if (proxy.isAlive() && instances > 1) await direct(instance);
      await stopPlatform(home, instance);
    }
    const ownPort = await choosePort(now.run?.port ?? Math.min(port + instance, portMax));
    result.undo.unshift(() => stopPlatform(home, instance));
    const behindProxy = { instance, databasePoolMax };
    started.push(await startPlatform(home, { ...startOptions(context, result), port: ownPort, behindProxy }));
  }
  if (!proxy.isAlive()) result.undo.unshift(() => proxy.stop());
  const { run: front, how } = await direct();
  const surplus = readPlatformRuns(home).filter(({ instance }) => instance > instances);
  await Promise.all(surplus.map(({ instance }) => stopPlatform(home, instance)));
  result.run = [...kept, ...started].toSorted((a, b) => a.instance - b.instance)[0];
  result.front = { url: front.url, instances };
  return [
    `${instances} instances behind ${front.url}`,
    kept.length === instances ? 'already running' : `${started.length} started`,
    ...(surplus.length === 0 ? [] : [`${surplus.length} stopped`]),
    how === 'unchanged' ? 'proxy already running' : `proxy ${how}`,
  ].join(', ');
}

function isUsable({ state, run }: PlatformState, result: UpResult): boolean {
  const database = required(result.database, 'database');
  const redis = required(result.redis, 'redis');
  return state === 'ready' && run?.databaseUrl === database.url && run.redisUrl === redis.url;
}

function startOptions(context: CommandContext, result: UpResult) {
  const database = required(result.database, 'database');
  const redis = required(result.redis, 'redis');
  const given = context.env['JWT_SECRET'];
  return {
    env: context.env,
    jwtSecret: isGiven(given) ? given : required(result.secrets, 'secrets').JWT_SECRET,
    database: database.kind,
    databaseUrl: database.url,
    redis: redis.kind,
    redisUrl: redis.url,
    recorded: platformSettings,
    signal: context.signal,
  };
}
