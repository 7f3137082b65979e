import { closeSync, openSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { logSize } from '@sanctum/platform/local/log-tail';
import type { Output } from '../output.ts';
import { formatLogLine } from './log-lines.ts';

const pollIntervalMs = 200;
const chunkBytes = 256 * 1024;

/** Prints what is appended to the logs from now on, until the signal is aborted. */
export async function followLog(files: readonly string[], output: Output, signal: AbortSignal): Promise<void> {
  const readers = files.map((file) => createReader(file));
  while (!signal.aborted) {
    for (const read of readers) for (const line of read()) output.data(formatLogLine(line));
    await delay(pollIntervalMs, undefined, { signal }).catch(() => undefined); // The abort ends the loop.
  }
}

function createReader(file: string): () => string[] {
  let position = logSize(file);
  let rest = '';
  return () => {
    const size = logSize(file);
    // A shorter file was emptied or replaced: it is read from its beginning.
    if (size < position) position = 0;
    if (size === position) return [];
    const handle = openSync(file, 'r');
    try {
      const buffer = Buffer.alloc(Math.min(size - position, chunkBytes));
      const length = readSync(handle, buffer, 0, buffer.length, position);
      position += length;
      const lines = (rest + buffer.toString('utf8', 0, length)).split('\n');
      rest = lines.pop() ?? '';
      return lines.filter((line) => line !== '');
    } finally {
      closeSync(handle);
    }
  };
}
