import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { LocalError, systemErrorCode } from './local-error.ts';

const lsofTimeoutMs = 5_000;

/** What a data folder holds. Half-initialised: files are there, but no complete cluster. */
export type FolderState =
  | { readonly kind: 'absent' | 'empty' | 'half-initialised' }
  | { readonly kind: 'ready'; readonly majorVersion: number };

export function inspectFolder(dataDir: string): FolderState {
  let names: string[];
  try {
    names = readdirSync(dataDir);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return { kind: 'absent' };
    if (systemErrorCode(error) === 'EACCES') {
      throw new LocalError('LOCAL_FOLDER_UNREACHABLE', `this user may not read ${dataDir}`, {
        fix: `run as the user who created it: ls -ld ${dataDir}`,
        cause: error,
      });
    }
    throw error;
  }
  if (names.length === 0) return { kind: 'empty' };
  const complete = ['PG_VERSION', 'postgresql.conf', 'global/pg_control', 'base', 'pg_wal'].every((name) =>
    existsSync(join(dataDir, name)),
  );
  if (!complete) return { kind: 'half-initialised' };
  return { kind: 'ready', majorVersion: Number.parseInt(readFileSync(join(dataDir, 'PG_VERSION'), 'utf8'), 10) };
}

/** The file that a postmaster keeps in its data folder; see PostgreSQL's miscadmin.h for its lines. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number | undefined;
}

export function readPostmasterFile(dataDir: string): PostmasterFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const pid = Number.parseInt(lines[0] ?? '', 10);
  const port = Number.parseInt(lines[3] ?? '', 10);
  return Number.isInteger(pid) ? { pid, port: Number.isInteger(port) ? port : undefined } : undefined;
}

/**
 * The processes whose working folder is `dataDir`. A postmaster and all its children change into
 * their data folder, so this tells ours from a stranger who was given a recycled pid.
 */
export function processesInFolder(dataDir: string): number[] {
  const folder = realpathSync(dataDir);
  return process.platform === 'linux' ? fromProc(folder) : fromLsof(folder);
}

function fromProc(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder;
      } catch {
        // Ended meanwhile, or another user's: PostgreSQL runs as us, or we are root and see all.
        return false;
      }
    })
    .map(Number);
}

function fromLsof(folder: string): number[] {
  try {
    const text = execFileSync('lsof', ['-a', '-d', 'cwd', '-c', 'postgres', '-Fpn'], { encoding: 'utf8', timeout: lsofTimeoutMs });
    return text.split(/^p/m).flatMap((entry) => {
      const [pid, ...rest] = entry.split('\n');
      return rest.includes(`n${folder}`) ? [Number(pid)] : [];
    });
  } catch (error) {
    // lsof answers 1 when there is no such process. Anything else is "could not look", never "nobody".
    if (error instanceof Error && 'status' in error && error.status === 1) return [];
    throw error;
  }
}
