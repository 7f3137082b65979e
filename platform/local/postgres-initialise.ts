import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LocalError } from './local-error.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { inspectFolder } from './postgres-folder.ts';
import type { OperatingUser } from './processes.ts';

const initdbTimeoutMs = 120_000;
/** A fresh cluster takes about 40 MB, its first write-ahead segments 32 MB more; the rest is room to work. */
export const freeBytesMin = 256 * 1024 * 1024;

/**
 * Makes a cluster in a folder beside `dataDir` and moves it there in one step, so that an
 * interrupted run never leaves half a cluster under the real name. Does nothing when there is one.
 * @returns true when a cluster was made.
 */
export function initialiseCluster(options: {
  dataDir: string;
  binaries: PostgresBinaries;
  user: OperatingUser | undefined;
  superuser: string;
  password: string;
  sync: boolean;
}): boolean {
  const { dataDir } = options;
  const folder = inspectFolder(dataDir);
  if (folder.kind === 'ready') return false;
  if (folder.kind === 'half-initialised') throw halfInitialised(dataDir);
  const parent = dirname(dataDir);
  mkdirSync(parent, { recursive: true });
  requireFreeSpace(parent);
  removeDrafts(dataDir);
  const draft = `${dataDir}.initialising-${process.pid}`;
  const passwordFile = `${draft}.password`;
  try {
    mkdirSync(draft, { mode: 0o700 });
    writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
    if (options.user !== undefined) {
      chownSync(draft, options.user.uid, options.user.gid);
      chownSync(passwordFile, options.user.uid, options.user.gid);
    }
    runInitdb({ ...options, draft, passwordFile });
    chmodSync(draft, 0o700);
    if (folder.kind === 'empty') rmdirSync(dataDir);
    renameSync(draft, dataDir);
    syncFolder(parent);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
  return true;
}

export function halfInitialised(dataDir: string): LocalError {
  return new LocalError(
    'POSTGRES_DATA_HALF_INITIALISED',
    `${dataDir} holds files but no complete PostgreSQL cluster; nothing in it was touched`,
    {
      fix: `look inside; if it may go, move it away and start again: mv ${dataDir} ${dataDir}.aside && npx sanctum-ops up`,
    },
  );
}

export function freeBytes(folder: string): number {
  const disk = statfsSync(folder);
  return disk.bavail * disk.bsize;
}

function requireFreeSpace(folder: string): void {
  const free = freeBytes(folder);
  if (free >= freeBytesMin) return;
  const mib = (bytes: number) => Math.floor(bytes / 1024 / 1024);
  throw new LocalError('LOCAL_DISK_FULL', `only ${mib(free)} MiB are free at ${folder}; a new cluster needs ${mib(freeBytesMin)} MiB`, {
    fix: `make room on that disk (df -h ${folder}), or set SANCTUM_HOME to a folder on another one`,
  });
}

// Only what this function itself makes carries these names, and none of it was ever served.
function removeDrafts(dataDir: string): void {
  const prefix = `${basename(dataDir)}.initialising-`;
  for (const name of readdirSync(dirname(dataDir))) {
    if (name.startsWith(prefix)) rmSync(join(dirname(dataDir), name), { recursive: true, force: true });
  }
}

function runInitdb(options: {
  binaries: PostgresBinaries;
  user: OperatingUser | undefined;
  superuser: string;
  sync: boolean;
  draft: string;
  passwordFile: string;
}): void {
  const args = [
    `--pgdata=${options.draft}`,
    `--username=${options.superuser}`,
    `--pwfile=${options.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    ...(options.sync ? [] : ['--no-sync']),
  ];
  const run = spawnSync(options.binaries.initdb, args, {
    cwd: '/',
    encoding: 'utf8',
    timeout: initdbTimeoutMs,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    ...(options.user === undefined ? {} : { uid: options.user.uid, gid: options.user.gid }),
  });
  if (run.status === 0) return;
  const output = `${run.stdout ?? ''}\n${run.stderr ?? ''}`
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-15);
  if (/No space left on device/.test(output.join('\n'))) {
    throw new LocalError('LOCAL_DISK_FULL', `the disk is full at ${dirname(options.draft)}`, {
      fix: `make room on that disk (df -h ${dirname(options.draft)}) and start again; nothing was left behind`,
      logTail: output,
    });
  }
  throw new LocalError('POSTGRES_INITDB_FAILED', `initdb ended with ${run.error?.message ?? run.signal ?? run.status}`, {
    fix: 'the lines above say why; npx sanctum-ops doctor looks at the usual causes',
    logTail: output,
  });
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
