import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf } from './reason.ts';

/** More than any migration, little enough to be read at once. */
export const plainFileBytesMax = 16 * 1024 * 1024;

export type PlainFile = { readonly bytes: Buffer } | { readonly reason: string; readonly sizeBytes: number | null };

/**
 * Reads a plain file and nothing else. A named pipe would wait for a writer for ever, a device has no end, a link may lead
 * anywhere: opening never waits, what was opened is looked at before it is read, and no more than the limit is read.
 */
export function readPlainFile(path: string, options: { bytesMax?: number; within?: string } = {}): PlainFile {
  const bytesMax = options.bytesMax ?? plainFileBytesMax;
  let handle: number | null = null;
  try {
    if (options.within !== undefined && dirname(realpathSync(path)) !== realpathSync(options.within)) {
      return refused('it is a symbolic link that leads out of its folder');
    }
    handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(handle);
    if (!stats.isFile()) return refused(`it is ${kindOf(stats)}, not a plain file`);
    if (stats.size > bytesMax)
      return { reason: `it is ${stats.size} bytes, more than the ${bytesMax} that are read`, sizeBytes: stats.size };
    return readAll(handle, stats.size, bytesMax);
  } catch (error) {
    const reason = reasonOf(error);
    // ENXIO: a socket, or a device without a driver.
    return refused(
      reason === 'ENXIO'
        ? 'it is a socket or a device, not a plain file'
        : reason === 'ELOOP'
          ? 'its symbolic link leads to itself'
          : reason,
    );
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

function refused(reason: string): PlainFile {
  return { reason, sizeBytes: null };
}

/** A file may grow or shrink while it is read: what is there counts, up to the limit. */
function readAll(handle: number, sizeBytes: number, bytesMax: number): PlainFile {
  const parts: Buffer[] = [];
  let total = 0;
  for (;;) {
    const part = Buffer.allocUnsafe(Math.max(1, sizeBytes - total + 1));
    const count = readSync(handle, part, 0, part.length, null);
    if (count === 0) return { bytes: parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts) };
    parts.push(part.subarray(0, count));
    total += count;
    if (total > bytesMax) return { reason: `it grew past ${bytesMax} bytes while it was read`, sizeBytes: total };
  }
}

function kindOf(stats: { isDirectory(): boolean; isFIFO(): boolean; isSocket(): boolean }): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}
