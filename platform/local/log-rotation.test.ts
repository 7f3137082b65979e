import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rotateLog } from './log-rotation.ts';

const limits = { bytesMax: 100, filesMax: 2 };
let folder: string;
let log: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanctum-logs-'));
  log = join(folder, 'some.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a log within its limit and one that is not there stay as they are', () => {
  expect(rotateLog(log, limits)).toBe(false);
  writeFileSync(log, 'x'.repeat(100));
  expect(rotateLog(log, limits)).toBe(false);
  expect(readdirSync(folder)).toEqual(['some.log']);
});

test('what a process that keeps the log open appends afterwards stands at the beginning', () => {
  const writer = openSync(log, 'a', 0o640);
  try {
    writeSync(writer, 'old\n'.repeat(26));
    expect(rotateLog(log, limits)).toBe(true);
    writeSync(writer, 'new\n');
    expect(readFileSync(log, 'utf8')).toBe('new\n');
    expect(statSync(`${log}.1`).mode & 0o777).toBe(0o640);
  } finally {
    closeSync(writer);
  }
});

test('however much is written, the files and their sizes are bounded, and the newest lines are kept', () => {
  for (let round = 1; round <= 5; round += 1) {
    writeFileSync(log, `${`${round}`.repeat(1000)}\n`);
    expect(rotateLog(log, limits)).toBe(true);
  }
  expect(readdirSync(folder).toSorted()).toEqual(['some.log', 'some.log.1', 'some.log.2']);
  expect(statSync(log).size).toBe(0);
  expect(readFileSync(`${log}.1`, 'utf8')).toBe(`${'5'.repeat(99)}\n`);
  expect(readFileSync(`${log}.2`, 'utf8')).toBe(`${'4'.repeat(99)}\n`);
});

test('on a full disk the log is emptied all the same, and no half copy stays', () => {
  writeFileSync(log, 'x'.repeat(1000));
  const onFullDisk = (_source: number, _start: number, path: string) => {
    writeFileSync(path, 'x');
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  expect(rotateLog(log, limits, onFullDisk)).toBe(true);
  expect(statSync(log).size).toBe(0);
  expect(readdirSync(folder)).toEqual(['some.log']);
});
