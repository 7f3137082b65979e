import { chownSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LocalError } from './local-error.ts';
import { logSize, logTail } from './log-tail.ts';
import { serverUser } from './operating-user.ts';
import { choosePort, isPortFree } from './ports.ts';
import { locatePostgresBinaries, majorVersion, reachableBinaries } from './postgres-binaries.ts';
import type { ClusterMemory } from './postgres-memory.ts';
import { isSameFolder, probePostgres } from './postgres-probe.ts';
import { serverArguments } from './postgres-settings.ts';
import { classifyStartFailure, startError } from './postgres-start-failure.ts';
import type { EmbeddedPostgresOptions } from './postgres-types.ts';
import { isSameProcess, type ProcessIdentity, spawnDetached, waitFor } from './processes.ts';

const preferredPort = 54_318;
export const startTimeoutMs = 60_000;
const portAttemptsMax = 3;
const logTailLines = 15;

/** A server that serves. */
export interface Launched {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
}

/** Starts a server process and waits until it serves; another port where ours was taken in the meantime. */
export function createLauncher(options: EmbeddedPostgresOptions, memory: ClusterMemory): () => Promise<Launched> {
  const { dataDir, logFile } = options;

  async function portForStart(attempt: number): Promise<number> {
    if (options.port === undefined)
      return choosePort(attempt === 1 ? (memory.port() ?? options.preferredPort ?? preferredPort) : undefined);
    if (await isPortFree(options.port)) return options.port;
    throw startError('port-taken', { dataDir, port: options.port, logFile, log: [] });
  }

  /** True once it serves; false when the process ended before. */
  async function waitUntilServing(port: number, child: ProcessIdentity): Promise<boolean> {
    const outcome = await waitFor(
      async () => {
        const answer = await probePostgres(memory.urlAt(port));
        if (answer.kind === 'answers' && isSameFolder(answer.dataDir, dataDir)) return 'serving' as const;
        return isSameProcess(child) ? undefined : ('ended' as const);
      },
      { timeoutMs: startTimeoutMs },
    );
    if (outcome === undefined) throw startTimeout(logFile);
    return outcome === 'serving';
  }

  return async () => {
    const user = serverUser();
    const binaries = await usableBinaries(dataDir, user);
    mkdirSync(dirname(logFile), { recursive: true });
    closeSync(openSync(logFile, 'a', 0o640));
    if (user !== undefined) chownSync(logFile, user.uid, user.gid);
    for (let attempt = 1; ; attempt += 1) {
      const port = await portForStart(attempt);
      const from = logSize(logFile);
      const child = await spawnDetached({
        command: binaries.postgres,
        args: serverArguments(dataDir, port, options.settings),
        logFile,
        env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
        user,
      });
      const ready = await waitUntilServing(port, child);
      if (ready) {
        await memory.remember(port);
        return { url: memory.urlAt(port), port, pid: child.pid };
      }
      const log = logTail(logFile, { linesMax: logTailLines, from });
      const failure = classifyStartFailure(log);
      const mayRetry = failure === 'port-taken' && options.port === undefined && attempt < portAttemptsMax;
      if (!mayRetry) throw startError(failure, { dataDir, port, logFile, log });
    }
  };
}

/** Binaries that the server's user can reach. */
export async function usableBinaries(dataDir: string, user: ReturnType<typeof serverUser>) {
  return reachableBinaries(await locatePostgresBinaries(), {
    user,
    copyDir: join(dirname(dataDir), 'binaries'),
    version: String(majorVersion),
  });
}

export function startTimeout(logFile: string): LocalError {
  return new LocalError('POSTGRES_START_TIMEOUT', `PostgreSQL does not serve after ${startTimeoutMs / 1_000} s`, {
    fix: `a long recovery after a crash is normal for a big database: watch ${logFile} and start again`,
    logTail: logTail(logFile, { linesMax: logTailLines }),
  });
}
