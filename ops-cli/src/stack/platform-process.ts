import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJsonObject, writeFileAtomically } from '@sanctum/platform/local/json-file';
import { LocalError } from '@sanctum/platform/local/local-error';
import { logSize, logTail } from '@sanctum/platform/local/log-tail';
import { describePortOwner, isPortFree } from '@sanctum/platform/local/ports';
import { isSameProcess, spawnDetached, stopProcess, waitFor } from '@sanctum/platform/local/processes';
import type { ProcessIdentity } from '@sanctum/platform/local/processes';
import { instanceFiles, repositoryRoot } from './home.ts';
import type { StackHome } from './home.ts';
import { formatLogLine } from './log-lines.ts';

const readyTimeoutMs = 30_000;
const readyRequestTimeoutMs = 2_000;
/** The platform itself ends within 10 s of SIGTERM. */
const stopTimeoutMs = 12_000;
const logTailLines = 12;

export type DatabaseKind = 'embedded' | 'external';
export type RedisKind = 'server' | 'external' | 'in-process';

/** What the run file holds: who the platform is and what it was started with. */
export interface PlatformRun extends ProcessIdentity {
  /** Which one it is of the instances of this stack, from 1. */
  readonly instance: number;
  readonly url: string;
  readonly port: number;
  readonly database: DatabaseKind;
  readonly databaseUrl: string;
  readonly redis: RedisKind;
  readonly redisUrl?: string;
  /** The platform's settings as environment text, secrets included: the file is readable by its owner alone. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface PlatformState {
  /** `not-ready` is a living process that does not answer `/ready` with 200 (yet). */
  readonly state: 'stopped' | 'not-ready' | 'ready';
  readonly run?: PlatformRun;
  /** The body of `/ready`, when it answered. */
  readonly readiness?: { readonly status: number; readonly body: unknown };
}

/** The last start of every instance, in their order, whether or not their processes still live. */
export function readPlatformRuns(home: StackHome): PlatformRun[] {
  if (!existsSync(home.run)) return [];
  return readdirSync(home.run)
    .flatMap((name) => {
      const [isInstance, number] = /^platform(?:-(\d+))?\.json$/.exec(name) ?? [];
      return isInstance === undefined ? [] : [number === undefined ? 1 : Number(number)];
    })
    .toSorted((a, b) => a - b)
    .flatMap((instance) => readPlatformRun(home, instance) ?? []);
}

/** The last start of one instance, the first unless said otherwise, whether or not its process still lives. */
export function readPlatformRun(home: StackHome, instance = 1): PlatformRun | undefined {
  const value = readJsonObject(instanceFiles(home, instance).runFile);
  if (value === undefined) return undefined;
  const { pid, startedAt, url, port, database, databaseUrl, redis, redisUrl, settings } = value;
  const isComplete =
    typeof pid === 'number' &&
    typeof startedAt === 'string' &&
    typeof url === 'string' &&
    typeof port === 'number' &&
    typeof databaseUrl === 'string';
  if (!isComplete) return undefined;
  return {
    instance,
    pid,
    startedAt,
    url,
    port,
    databaseUrl,
    database: database === 'external' ? 'external' : 'embedded',
    redis: redis === 'server' || redis === 'external' ? redis : 'in-process',
    ...(typeof redisUrl === 'string' ? { redisUrl } : {}),
    settings: textEntries(settings),
  };
}

function textEntries(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

export async function platformState(home: StackHome, instance = 1): Promise<PlatformState> {
  const run = readPlatformRun(home, instance);
  return run === undefined ? { state: 'stopped' } : stateOf(run);
}

export async function stateOf(run: PlatformRun): Promise<PlatformState> {
  if (!isSameProcess(run)) return { state: 'stopped', run };
  const readiness = await askReadiness(run.url, run.settings['OPERATIONS_TOKEN']);
  return { state: readiness?.status === 200 ? 'ready' : 'not-ready', run, ...(readiness === undefined ? {} : { readiness }) };
}

/** What `/ready` answers; undefined when nothing answers at all. */
export async function askReadiness(url: string, token?: string): Promise<{ status: number; body: unknown } | undefined> {
  try {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(new URL('/ready', url), { headers, signal: AbortSignal.timeout(readyRequestTimeoutMs) });
    const text = await response.text();
    return { status: response.status, body: parseBody(text) };
  } catch {
    // Nobody listens, or not yet: the caller tells a starting process from a dead one.
    return undefined;
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 200);
  }
}

/**
 * Starts the platform in the background and waits until `/ready` says 200.
 * @throws LocalError LOCAL_PORT_TAKEN naming the port's owner, or LOCAL_COMMAND_FAILED with the last log lines.
 */
export async function startPlatform(
  home: StackHome,
  options: {
    port: number;
    env: NodeJS.ProcessEnv;
    jwtSecret: string;
    database: DatabaseKind;
    databaseUrl: string;
    redis: RedisKind;
    redisUrl: string | undefined;
    /** Picks what is written into the run file for later looks. */
    recorded: (env: NodeJS.ProcessEnv) => Record<string, string>;
    signal: AbortSignal;
    /** Behind the proxy: it listens for that alone, and believes what that says of its clients. */
    behindProxy?: { instance: number; databasePoolMax: number | undefined };
  },
): Promise<PlatformRun> {
  const { port, behindProxy } = options;
  const instance = behindProxy?.instance ?? 1;
  const files = instanceFiles(home, instance);
  await requirePort(port);
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    SANCTUM_PROFILE: 'development',
    HOST: '127.0.0.1',
    ...options.env,
    ...(behindProxy === undefined ? {} : settingsBehindProxy(options.env, behindProxy.databasePoolMax)),
    PORT: String(port),
    JWT_SECRET: options.jwtSecret,
    DATABASE_URL: options.databaseUrl,
    // Undefined takes the variable away: --no-redis holds even where REDIS_URL is set.
    REDIS_URL: options.redisUrl,
  };
  mkdirSync(dirname(files.log), { recursive: true });
  const from = logSize(files.log);
  const child = await spawnDetached({
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', join(repositoryRoot, 'platform/bin/platform.js')],
    cwd: repositoryRoot,
    logFile: files.log,
    env: settings,
  });
  const run: PlatformRun = {
    instance,
    ...child,
    url,
    port,
    database: options.database,
    databaseUrl: options.databaseUrl,
    redis: options.redis,
    ...(options.redisUrl === undefined ? {} : { redisUrl: options.redisUrl }),
    settings: options.recorded(settings),
  };
  writeFileAtomically(files.runFile, `${JSON.stringify(run, null, 2)}\n`, 0o600);
  await waitUntilReady(home, run, { from, signal: options.signal });
  return run;
}

function settingsBehindProxy(env: NodeJS.ProcessEnv, databasePoolMax: number | undefined): Record<string, string> {
  const given = (name: string) => env[name] !== undefined && env[name] !== '';
  return {
    HOST: '127.0.0.1',
    ...(given('TRUST_PROXY') ? {} : { TRUST_PROXY: '127.0.0.1' }),
    ...(databasePoolMax === undefined || given('DATABASE_POOL_MAX') ? {} : { DATABASE_POOL_MAX: String(databasePoolMax) }),
  };
}

async function requirePort(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  throw new LocalError('LOCAL_PORT_TAKEN', `port ${port} is taken by ${describePortOwner(port)}`, {
    fix: `end that process, or use another port: npx sanctum-ops up --port ${port === 65_535 ? 8376 : port + 1}`,
  });
}

async function waitUntilReady(home: StackHome, run: PlatformRun, options: { from: number; signal: AbortSignal }): Promise<void> {
  const { log } = instanceFiles(home, run.instance);
  const outcome = await waitFor(
    async () => {
      if ((await askReadiness(run.url))?.status === 200) return 'ready' as const;
      return isSameProcess(run) ? undefined : ('ended' as const);
    },
    { timeoutMs: readyTimeoutMs, signal: options.signal },
  );
  if (outcome === 'ready') return;
  const last = await askReadiness(run.url, run.settings['OPERATIONS_TOKEN']);
  throw new LocalError(
    'LOCAL_COMMAND_FAILED',
    outcome === 'ended'
      ? 'the platform ended during its start'
      : `the platform is not ready after ${readyTimeoutMs / 1_000} s${last === undefined ? '' : `: /ready says ${last.status} ${JSON.stringify(last.body)}`}`,
    {
      fix: `npx sanctum-ops doctor; the whole log is ${log}`,
      logTail: logTail(log, { linesMax: logTailLines, from: options.from }).map(formatLogLine),
    },
  );
}

/** Asks one instance, the first unless said otherwise, to end (it drains first) and waits; safe to repeat. */
export async function stopPlatform(home: StackHome, instance = 1): Promise<'absent' | 'stopped' | 'killed'> {
  const run = readPlatformRun(home, instance);
  if (run === undefined) return 'absent';
  const how = await stopProcess(run, { signal: 'SIGTERM', timeoutMs: stopTimeoutMs });
  rmSync(instanceFiles(home, instance).runFile, { force: true });
  return how;
}

/** All instances at once; the worst of how they ended. */
export async function stopPlatforms(home: StackHome): Promise<'absent' | 'stopped' | 'killed'> {
  const ended = await Promise.all(readPlatformRuns(home).map(({ instance }) => stopPlatform(home, instance)));
  return ended.find((how) => how === 'killed') ?? ended.find((how) => how === 'stopped') ?? 'absent';
}
