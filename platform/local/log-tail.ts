import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { systemErrorCode } from './local-error.ts';

const tailBytesMax = 64 * 1024;

/** The current size of a log in bytes, 0 when it does not exist yet. */
export function logSize(path: string): number {
  return withFile(path, (handle) => fstatSync(handle).size) ?? 0;
}

/** The last `linesMax` lines of a log, at most 64 KiB, none from before the byte `from`. */
export function logTail(path: string, options: { linesMax: number; from?: number }): string[] {
  const text = withFile(path, (handle) => {
    const size = fstatSync(handle).size;
    const start = Math.max(options.from ?? 0, size - tailBytesMax, 0);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    const length = readSync(handle, buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, length);
  });
  return (text ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-options.linesMax);
}

function withFile<T>(path: string, work: (handle: number) => T): T | undefined {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return work(handle);
  } finally {
    closeSync(handle);
  }
}
