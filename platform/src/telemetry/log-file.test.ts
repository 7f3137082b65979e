import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { conditionLimitMs } from '../../test/harness/hang-limits.ts';
import { openLogFile } from './log-file.ts';

let folder: string;
let path: string;
let fd: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanctum-log-file-'));
  path = join(folder, 'log');
  fd = openSync(path, 'w');
});

afterEach(() => {
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

const written = () => readFileSync(path, 'utf8');

test('lines gather, and are in the file within 100 ms without another line', async () => {
  const file = openLogFile(fd);
  file.write('one\n');
  file.write('two\n');
  expect(written()).toBe('');
  await vi.waitFor(() => expect(written()).toBe('one\ntwo\n'), { timeout: conditionLimitMs });
  file.write('three\n');
  await vi.waitFor(() => expect(written()).toBe('one\ntwo\nthree\n'), { timeout: conditionLimitMs });
});

test('a full gathering is written at once, every line once and in order', () => {
  const file = openLogFile(fd);
  const lines = Array.from({ length: 2000 }, (_, index) => `line ${index} ä\n`);
  for (const line of lines) file.write(line);
  expect(written().length).toBeGreaterThan(0);
  expect(written()).not.toBe(lines.join(''));
  file.flushSync();
  expect(written()).toBe(lines.join(''));
});

test.each(['process.exit(3)', 'undefined', 'throw new Error("planted")'])('the end of the process by %s loses no line', (end) => {
  const script = `import { createLogger } from ${JSON.stringify(join(import.meta.dirname, 'logging.ts'))};
    const logger = createLogger({ level: 'info' });
    logger.info('first'); logger.fatal('second'); logger.info('third'); ${end};`;
  const text = output(script);
  expect([...text.matchAll(/"message":"(\w+)"/g)].map((match) => match[1])).toEqual(['first', 'second', 'third']);
});

function output(script: string): string {
  try {
    return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    return String((error as { stdout: string }).stdout);
  }
}
