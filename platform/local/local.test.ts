import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readJsonObject } from './json-file.ts';
import { acquireLock, lockOwner } from './lock.ts';
import { logTail } from './log-tail.ts';
import { choosePort, isPortFree, portOwner } from './ports.ts';
import { repairLibraryLinks } from './postgres-binaries.ts';
import { classifyStartFailure } from './postgres-start-failure.ts';
import { identify, isSameProcess, processStartedAt, stopProcess } from './processes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanctum-local-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a process is the same only with its own start time', () => {
  const me = identify(process.pid);
  expect(me).toBeDefined();
  expect(isSameProcess({ pid: process.pid, startedAt: me?.startedAt ?? '' })).toBe(true);
  expect(isSameProcess({ pid: process.pid, startedAt: 'earlier' })).toBe(false);
  expect(processStartedAt(2 ** 22 + 1)).toBeUndefined();
});

test('a process that ignores the polite signal is killed', async () => {
  const child = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); process.stdout.write('x'); setInterval(() => {}, 1000)"]);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const identity = identify(child.pid ?? 0);
  expect(identity).toBeDefined();
  if (identity === undefined) return;
  expect(await stopProcess(identity, { signal: 'SIGTERM', timeoutMs: 100 })).toBe('killed');
  expect(await stopProcess(identity, { signal: 'SIGTERM', timeoutMs: 100 })).toBe('absent');
});

test('a lock that is held names its owner, and is free again after its release', async () => {
  const path = join(folder, 'a.lock');
  const release = await acquireLock(path, { purpose: 'testing' });
  expect(lockOwner(path)).toMatchObject({ pid: process.pid, purpose: 'testing' });
  const second = await acquireLock(path, { purpose: 'second', waitMs: 50 }).catch((error: unknown) => error);
  expect(second).toMatchObject({ code: 'LOCAL_LOCK_HELD', message: expect.stringContaining(`process ${process.pid} (testing)`) });
  release();
  release();
  expect(lockOwner(path)).toBeUndefined();
  (await acquireLock(path, { purpose: 'third', waitMs: 50 }))();
});

test('a lock of a dead owner is taken over', async () => {
  const path = join(folder, 'b.lock');
  symlinkSync(`${process.pid}|another start time|gone`, path);
  expect(lockOwner(path)).toBeUndefined();
  const release = await acquireLock(path, { purpose: 'mine', waitMs: 50 });
  expect(readlinkSync(path)).toContain('|mine');
  release();
});

test('a port is chosen by binding, and its owner is found', async () => {
  const server = createServer();
  const port = await choosePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    expect(await isPortFree(port)).toBe(false);
    expect(await choosePort(port)).not.toBe(port);
    if (process.platform === 'linux') expect(portOwner(port)?.pid).toBe(process.pid);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  expect(await choosePort(port)).toBe(port);
});

test('a log tail keeps to its lines and to what was written after a point', () => {
  const file = join(folder, 'a.log');
  writeFileSync(file, 'one\ntwo\n\nthree\n');
  expect(logTail(file, { linesMax: 2 })).toEqual(['two', 'three']);
  expect(logTail(file, { linesMax: 9, from: 4 })).toEqual(['two', 'three']);
  expect(logTail(join(folder, 'absent.log'), { linesMax: 2 })).toEqual([]);
});

test('a state file that was cut off counts as absent', () => {
  const file = join(folder, 'state.json');
  writeFileSync(file, '{"port": 12');
  expect(readJsonObject(file)).toBeUndefined();
  writeFileSync(file, '{"port": 12}');
  expect(readJsonObject(file)).toEqual({ port: 12 });
});

test('absent library links are made again', () => {
  const native = join(folder, 'native');
  mkdirSync(join(native, 'lib'), { recursive: true });
  writeFileSync(join(native, 'lib/libx.so.1.2'), '');
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify([{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }]));
  expect(repairLibraryLinks(native)).toBe(1);
  expect(readlinkSync(join(native, 'lib/libx.so.1'))).toBe('libx.so.1.2');
  expect(repairLibraryLinks(native)).toBe(0);
});

test.each([
  ['could not bind IPv4 address "127.0.0.1": Address already in use', 'port-taken'],
  ['FATAL:  could not write lock file "postmaster.pid": No space left on device', 'disk-full'],
  ['FATAL:  pre-existing shared memory block (key 1) is still in use', 'predecessor-alive'],
  ['FATAL:  database files are incompatible with server', 'other-version'],
  ['FATAL:  something else', 'other'],
])('the log line %j is read as %s', (line, failure) => {
  expect(classifyStartFailure(['LOG: starting', line])).toBe(failure);
});
