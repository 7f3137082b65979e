import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { findProgram } from './find-program.ts';
import { writeFileAtomically, writeJson } from './json-file.ts';
import { LocalError } from './local-error.ts';
import { withLock } from './lock.ts';
import { logSize, logTail } from './log-tail.ts';
import { choosePort } from './ports.ts';
import { identify, isSameProcess, type ProcessIdentity, spawnDetached, stopProcess, waitFor } from './processes.ts';
import { configFileOf, redisStatus, redisUrl, type RedisPlace, type RedisStatus, rememberedOf, stateFileOf } from './redis-status.ts';

const preferredPort = 56_379;
const startWithinMs = 20_000;
const stopTimeoutMs = 10_000;
const memoryBytesMax = 256 * 1024 * 1024;
const logTailLines = 15;

interface RunningRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly alreadyRunning: boolean;
}

export interface LocalRedisOptions extends RedisPlace {
  /** The program, or undefined where there is none: `start` then refuses. */
  readonly server: string | undefined;
  /** How long a server may take until it answers; 20 s unless given. */
  readonly startTimeoutMs?: number;
}

export interface LocalRedis {
  start(): Promise<RunningRedis>;
  stop(): Promise<'absent' | 'stopped' | 'killed'>;
  status(): Promise<RedisStatus>;
  url(): string | undefined;
}

/** The `redis-server` to use. Undefined when there is none, which is no error: Redis is optional. */
export function findRedisServer(options: { path?: string | undefined; toolsDir: string }): string | undefined {
  return findProgram('redis-server', options);
}

/**
 * Supervises one local Redis on 127.0.0.1 with a password, an append-only file and no eviction.
 * The server that answers must have been started from our configuration file.
 */
export function createLocalRedis(options: LocalRedisOptions): LocalRedis {
  const { dataDir, startTimeoutMs = startWithinMs } = options;
  const lockFile = `${dataDir}.lock`;
  const status = () => redisStatus(options);

  async function start() {
    return withLock(lockFile, 'starting Redis', async () => {
      const before = await status();
      const running = before.state === 'starting' ? await waitUntilRunning(rememberedOf(options).process) : before;
      if (running?.state === 'running' && running.port !== undefined && running.pid !== undefined) {
        return { url: redisUrl(options, running.port), port: running.port, pid: running.pid, alreadyRunning: true };
      }
      requireNobodyOfOurs(options);
      return await launch(options, waitUntilRunning);
    });
  }

  async function waitUntilRunning(child: ProcessIdentity | undefined): Promise<RedisStatus | undefined> {
    return waitFor(
      async () => {
        const now = await status();
        if (now.state === 'running') return now;
        return child !== undefined && !isSameProcess(child) ? now : undefined;
      },
      { timeoutMs: startTimeoutMs },
    );
  }

  async function stop(): Promise<'absent' | 'stopped' | 'killed'> {
    return withLock(lockFile, 'stopping Redis', async () => {
      const now = await status();
      const ours = now.state === 'running' && now.pid !== undefined ? identify(now.pid) : rememberedOf(options).process;
      // SIGTERM makes Redis write its append-only file out before it ends.
      return ours === undefined ? 'absent' : await stopProcess(ours, { signal: 'SIGTERM', timeoutMs: stopTimeoutMs });
    });
  }

  return {
    start,
    stop,
    status,
    url: () => {
      const { port } = rememberedOf(options);
      return port === undefined ? undefined : redisUrl(options, port);
    },
  };
}

/** A server that lives and does not answer still writes to its folder: a second one would spoil what both keep there. */
function requireNobodyOfOurs(place: RedisPlace): void {
  const { process: ours } = rememberedOf(place);
  if (ours === undefined || !isSameProcess(ours)) return;
  throw new LocalError('REDIS_START_TIMEOUT', `Redis lives as process ${ours.pid} and does not answer, or refuses the password`, {
    fix: 'npx sanctum-ops doctor says whether it is stopped, busy or refuses us, and what to type',
    logTail: logTail(place.logFile, { linesMax: logTailLines }),
  });
}

/** Throws when there is no server or it does not serve. */
async function launch(
  options: LocalRedisOptions,
  waitUntilRunning: (child: ProcessIdentity) => Promise<RedisStatus | undefined>,
): Promise<RunningRedis> {
  const { server, dataDir, logFile } = options;
  const configFile = configFileOf(options);
  if (server === undefined) {
    throw new LocalError('REDIS_BINARY_MISSING', 'there is no redis-server on PATH', {
      fix: 'install one (apt-get install redis-server, brew install redis), set REDIS_URL, or go without: Redis is optional',
    });
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  mkdirSync(dirname(logFile), { recursive: true });
  const port = await choosePort(rememberedOf(options).port ?? preferredPort);
  writeFileAtomically(configFile, configuration({ port, dataDir, password: options.password }), 0o600);
  const from = logSize(logFile);
  const child = await spawnDetached({
    command: server,
    args: [configFile],
    logFile,
    cwd: dataDir,
    env: { PATH: process.env['PATH'] },
  });
  writeJson(stateFileOf(options), { port, ...child });
  const running = await waitUntilRunning(child);
  if (running?.state === 'running') return { url: redisUrl(options, port), port, pid: child.pid, alreadyRunning: false };
  const code = isSameProcess(child) ? 'REDIS_START_TIMEOUT' : 'REDIS_START_FAILED';
  throw new LocalError(code, 'Redis does not serve', {
    fix: `read ${logFile}; the platform also runs without Redis: npx sanctum-ops up --no-redis`,
    logTail: logTail(logFile, { linesMax: logTailLines, from }),
  });
}

function configuration(values: { port: number; dataDir: string; password: string }): string {
  return [
    `port ${values.port}`,
    'bind 127.0.0.1',
    'protected-mode yes',
    `requirepass ${values.password}`,
    `dir "${values.dataDir}"`,
    'daemonize no',
    'appendonly yes',
    'appendfsync everysec',
    `maxmemory ${memoryBytesMax}`,
    'maxmemory-policy noeviction',
    'latency-monitor-threshold 20',
    '',
  ].join('\n');
}
