import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Redis } from 'ioredis';
import { readJsonObject, writeFileAtomically, writeJson } from './json-file.ts';
import { LocalError, systemErrorCode } from './local-error.ts';
import { acquireLock } from './lock.ts';
import { logSize, logTail } from './log-tail.ts';
import { choosePort, describePortOwner, isPortFree } from './ports.ts';
import { identify, isSameProcess, spawnDetached, stopProcess, waitFor } from './processes.ts';
import type { ProcessIdentity } from './processes.ts';

const preferredPort = 56_379;
const connectTimeoutMs = 2_000;
const startWithinMs = 20_000;
const stopTimeoutMs = 10_000;
const memoryBytesMax = 256 * 1024 * 1024;
const logTailLines = 15;

export interface RedisStatus {
  readonly state: 'absent' | 'stopped' | 'starting' | 'running' | 'foreign';
  readonly logFile: string;
  readonly pid?: number;
  readonly port?: number;
  readonly version?: string;
  readonly detail?: string;
}

export interface LocalRedis {
  start(): Promise<{ url: string; port: number; pid: number; alreadyRunning: boolean }>;
  stop(): Promise<'absent' | 'stopped' | 'killed'>;
  status(): Promise<RedisStatus>;
  url(): string | undefined;
}

/**
 * The `redis-server` to use: the first on PATH, else the one that was installed into `toolsDir`.
 * Undefined when there is none, which is no error: Redis is optional.
 */
export function findRedisServer(options: { path?: string | undefined; toolsDir: string }): string | undefined {
  const folders = (options.path ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...folders, join(options.toolsDir, 'bin')].map((folder) => join(folder, 'redis-server')).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/**
 * Supervises one local Redis on 127.0.0.1 with a password, an append-only file and no eviction.
 * The server that answers must have been started from our configuration file.
 */
export function createLocalRedis(options: {
  /** The program, or undefined where there is none: `start` then refuses. */
  server: string | undefined;
  dataDir: string;
  logFile: string;
  password: string;
  /** How long a server may take until it answers; 20 s unless given. */
  startTimeoutMs?: number;
}): LocalRedis {
  const { dataDir, logFile, startTimeoutMs = startWithinMs } = options;
  const configFile = join(dataDir, 'redis.conf');
  const stateFile = `${dataDir}.json`;
  // With the user's name: redis-cli 7 takes an address without one for a user without a name, and is refused.
  const urlAt = (port: number) => `redis://default:${encodeURIComponent(options.password)}@127.0.0.1:${port}/0`;

  const remembered = (): { port?: number; process?: ProcessIdentity } => {
    const { port, pid, startedAt } = readJsonObject(stateFile) ?? {};
    return {
      ...(typeof port === 'number' ? { port } : {}),
      ...(typeof pid === 'number' && typeof startedAt === 'string' ? { process: { pid, startedAt } } : {}),
    };
  };

  async function status(): Promise<RedisStatus> {
    const known = remembered();
    if (known.port === undefined) return { state: 'absent', logFile };
    const alive = known.process !== undefined && isSameProcess(known.process);
    const answer = await probe(urlAt(known.port));
    if (answer.kind === 'answers') {
      if (answer.configFile === configFile)
        return { state: 'running', logFile, port: known.port, pid: answer.pid, version: answer.version };
      return { state: 'foreign', logFile, port: known.port, detail: `port ${known.port} is served by another Redis` };
    }
    if (alive && known.process !== undefined)
      return { state: 'starting', logFile, port: known.port, pid: known.process.pid, detail: answer.message };
    // A process that is dying resets a connection, so that a stranger is only believed while it holds the port.
    if (answer.kind === 'nobody' || (await isPortFree(known.port))) return { state: 'stopped', logFile, port: known.port };
    return { state: 'foreign', logFile, port: known.port, detail: `port ${known.port} belongs to ${describePortOwner(known.port)}` };
  }

  async function start() {
    const release = await acquireLock(`${dataDir}.lock`, { purpose: 'starting Redis' });
    try {
      const before = await status();
      const running = before.state === 'starting' ? await waitUntilRunning(remembered().process) : before;
      if (running?.state === 'running' && running.port !== undefined && running.pid !== undefined) {
        return { url: urlAt(running.port), port: running.port, pid: running.pid, alreadyRunning: true };
      }
      requireNobodyOfOurs();
      return await launch();
    } finally {
      release();
    }
  }

  // A server that lives and does not answer still writes to its folder: a second one would spoil what both keep there.
  function requireNobodyOfOurs(): void {
    const { process: ours } = remembered();
    if (ours === undefined || !isSameProcess(ours)) return;
    throw new LocalError('REDIS_START_TIMEOUT', `Redis lives as process ${ours.pid} and does not answer, or refuses the password`, {
      fix: 'npx sanctum-ops doctor says whether it is stopped, busy or refuses us, and what to type',
      logTail: logTail(logFile, { linesMax: logTailLines }),
    });
  }

  async function launch() {
    const server = options.server;
    if (server === undefined) {
      throw new LocalError('REDIS_BINARY_MISSING', 'there is no redis-server on PATH', {
        fix: 'install one (apt-get install redis-server, brew install redis), set REDIS_URL, or go without: Redis is optional',
      });
    }
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    mkdirSync(dirname(logFile), { recursive: true });
    const port = await choosePort(remembered().port ?? preferredPort);
    writeFileAtomically(configFile, configuration({ port, dataDir, password: options.password }), 0o600);
    const from = logSize(logFile);
    const child = await spawnDetached({
      command: server,
      args: [configFile],
      logFile,
      cwd: dataDir,
      env: { PATH: process.env['PATH'] },
    });
    writeJson(stateFile, { port, ...child });
    const running = await waitUntilRunning(child);
    if (running?.state === 'running') return { url: urlAt(port), port, pid: child.pid, alreadyRunning: false };
    const code = isSameProcess(child) ? 'REDIS_START_TIMEOUT' : 'REDIS_START_FAILED';
    throw new LocalError(code, 'Redis does not serve', {
      fix: `read ${logFile}; the platform also runs without Redis: npx sanctum-ops up --no-redis`,
      logTail: logTail(logFile, { linesMax: logTailLines, from }),
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
    const release = await acquireLock(`${dataDir}.lock`, { purpose: 'stopping Redis' });
    try {
      const now = await status();
      const ours = now.state === 'running' && now.pid !== undefined ? identify(now.pid) : remembered().process;
      // SIGTERM makes Redis write its append-only file out before it ends.
      return ours === undefined ? 'absent' : await stopProcess(ours, { signal: 'SIGTERM', timeoutMs: stopTimeoutMs });
    } finally {
      release();
    }
  }

  return {
    start,
    stop,
    status,
    url: () => {
      const { port } = remembered();
      return port === undefined ? undefined : urlAt(port);
    },
  };
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

type Answer =
  | { readonly kind: 'answers'; readonly pid: number; readonly version: string; readonly configFile: string }
  | { readonly kind: 'nobody' | 'stranger'; readonly message: string };

async function probe(url: string): Promise<Answer> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    commandTimeout: connectTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let lastError: Error | undefined;
  client.on('error', (error: Error) => (lastError = error));
  try {
    await client.connect();
    const info = await client.info('server');
    const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
    return { kind: 'answers', pid: Number(field('process_id')), version: field('redis_version'), configFile: field('config_file') };
  } catch (error) {
    const cause = lastError ?? error;
    const refused = systemErrorCode(cause) === 'ECONNREFUSED';
    return { kind: refused ? 'nobody' : 'stranger', message: cause instanceof Error ? cause.message : String(cause) };
  } finally {
    client.disconnect();
  }
}
