/** Bounds a log that another process appends to: what was written moves to `<log>.1`, the file itself is emptied. */
import { chownSync, closeSync, fchmodSync, fstatSync, ftruncateSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { systemErrorCode } from './local-error.ts';

export interface LogLimits {
  /** A log that is larger is rotated; no rotated file is larger than this and what arrives during the copy. */
  readonly bytesMax: number;
  /** How many rotated files are kept beside the log: `.1` is the newest. */
  readonly filesMax: number;
}

export const logLimits: LogLimits = { bytesMax: 10 * 1024 * 1024, filesMax: 3 };

const chunkBytes = 1024 * 1024;

/**
 * The writers hold the file open and were not asked to open another one, so it is copied and then emptied; they append
 * (O_APPEND), so that the next line stands at its beginning. A line that arrives between the last read and the
 * emptying is lost. On a full disk nothing is kept, and the log is emptied all the same: the bound comes first.
 * @returns whether the log was larger than its limit
 */
export function rotateLog(path: string, limits: LogLimits = logLimits, copy: typeof copyFrom = copyFrom): boolean {
  const source = openIfThere(path);
  if (source === undefined) return false;
  try {
    const { size } = fstatSync(source);
    if (size <= limits.bytesMax) return false;
    makeRoom(path, limits.filesMax);
    const newest = `${path}.1`;
    try {
      copy(source, Math.max(0, size - limits.bytesMax), newest);
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOSPC') throw error;
      rmSync(newest, { force: true });
    }
    ftruncateSync(source, 0);
    return true;
  } finally {
    closeSync(source);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function makeRoom(path: string, filesMax: number): void {
  rmSync(`${path}.${filesMax}`, { force: true });
  for (let number = filesMax - 1; number >= 1; number -= 1) {
    try {
      renameSync(`${path}.${number}`, `${path}.${number + 1}`);
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
    }
  }
}

function copyFrom(source: number, start: number, path: string): void {
  const { mode, uid, gid } = fstatSync(source);
  const target = openSync(path, 'w', 0o600);
  try {
    fchmodSync(target, mode & 0o777);
    if (process.getuid?.() === 0) chownSync(path, uid, gid);
    const buffer = Buffer.alloc(chunkBytes);
    let position = start;
    for (;;) {
      const length = readSync(source, buffer, 0, buffer.length, position);
      if (length === 0) return;
      for (let written = 0; written < length;) written += writeSync(target, buffer, written, length - written);
      position += length;
    }
  } finally {
    closeSync(target);
  }
}
