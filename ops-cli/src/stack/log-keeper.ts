/**
 * Keeps the logs of the local stack within their limits while it runs. Its parts only append to files that they were
 * given, so one small process beside them looks at the sizes. It ends by itself when no part of the stack lives any
 * more or the folder is gone; `down` ends it at once, and `up` starts it again when it is missing.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonObject, writeJson } from '@sanctum/platform/local/json-file';
import { rotateLog } from '@sanctum/platform/local/log-rotation';
import { readPostmasterFile } from '@sanctum/platform/local/postgres-folder';
import { isPidInUse, isSameProcess, spawnDetached, stopProcess } from '@sanctum/platform/local/processes';
import type { ProcessIdentity } from '@sanctum/platform/local/processes';
import { knownPostgresPlace } from './home.ts';
import type { StackHome } from './home.ts';
import { readPlatformRuns } from './platform-process.ts';

const stopTimeoutMs = 2_000;
const heapMibMax = 32;
const program = join(import.meta.dirname, '../../bin/log-keeper.js');

const runFile = (home: StackHome) => join(home.run, 'log-keeper.json');

function readIdentity(file: string): ProcessIdentity | undefined {
  const { pid, startedAt } = readJsonObject(file) ?? {};
  return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : undefined;
}

/** Rotates what grew while nobody looked, and starts the keeper unless it runs. */
export async function startLogKeeper(home: StackHome): Promise<void> {
  keepLogs(home);
  const known = readIdentity(runFile(home));
  if (known !== undefined && isSameProcess(known)) return;
  const keeper = await spawnDetached({
    command: process.execPath,
    args: [`--max-old-space-size=${heapMibMax}`, program],
    logFile: join(home.logs, 'log-keeper.log'),
    env: { PATH: process.env['PATH'], SANCTUM_HOME: home.folder },
  });
  writeJson(runFile(home), keeper);
}

export async function stopLogKeeper(home: StackHome): Promise<void> {
  const known = readIdentity(runFile(home));
  if (known !== undefined) await stopProcess(known, { signal: 'SIGTERM', timeoutMs: stopTimeoutMs });
}

/**
 * One look: every log of the stack that grew beyond its limit is rotated.
 * @throws AggregateError of the logs that could not be, after all others were.
 */
export function keepLogs(home: StackHome): void {
  if (!existsSync(home.logs)) return;
  const logs = readdirSync(home.logs)
    .filter((name) => name.endsWith('.log'))
    .map((name) => join(home.logs, name));
  const elsewhere = knownPostgresPlace(home)?.logFile;
  const errors: unknown[] = [];
  for (const log of new Set([...logs, ...(elsewhere === undefined ? [] : [elsewhere])])) {
    try {
      rotateLog(log);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `logs that could not be rotated: ${errors.map(String).join('; ')}`);
}

/** Whether any part lives that may still write. */
export function isStackAlive(home: StackHome): boolean {
  const parts = [...readPlatformRuns(home), ...[home.proxyRunFile, `${home.redisData}.json`].map(readIdentity)];
  if (parts.some((part) => part !== undefined && isSameProcess(part))) return true;
  const place = knownPostgresPlace(home);
  const postmaster = place === undefined ? undefined : readPostmasterFile(place.dataDir);
  return postmaster !== undefined && isPidInUse(postmaster.pid);
}
