import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatLogLine, parseLogLine } from './log-lines.ts';
import { ensureSecrets, readSecrets, secretNames } from './secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanctum-stack-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('secrets are made once, differ from each other, and belong to their owner alone', () => {
  const file = join(folder, 'secrets.env');
  const first = ensureSecrets(file, { dataDir: undefined });
  expect(first.created).toEqual([...secretNames]);
  expect(new Set(Object.values(first.secrets)).size).toBe(secretNames.length);
  expect(first.secrets.JWT_SECRET.length).toBeGreaterThanOrEqual(32);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(ensureSecrets(file, { dataDir: undefined })).toEqual({ secrets: first.secrets, created: [] });
});

test('a secret that is absent is made, the others stay, and lines of the owner too', () => {
  const file = join(folder, 'secrets.env');
  const { secrets } = ensureSecrets(file, { dataDir: undefined });
  writeFileSync(file, `${readFileSync(file, 'utf8').replace(/^JWT_SECRET=.*\n/m, '')}OWN_LINE=kept\n`);
  const again = ensureSecrets(file, { dataDir: undefined });
  expect(again.created).toEqual(['JWT_SECRET']);
  expect(again.secrets).toEqual({ ...secrets, JWT_SECRET: again.secrets.JWT_SECRET });
  expect(readFileSync(file, 'utf8')).toContain('OWN_LINE=kept');
});

test('a file that others may read is closed again', () => {
  const file = join(folder, 'secrets.env');
  ensureSecrets(file, { dataDir: undefined });
  chmodSync(file, 0o644);
  ensureSecrets(file, { dataDir: undefined });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('no new password is made for a database that exists', () => {
  const file = join(folder, 'secrets.env');
  expect(() => ensureSecrets(file, { dataDir: '/data/postgres' })).toThrow(/its password is not in/);
  expect(readSecrets(file)).toBeUndefined();
});

test('log lines become readable, and a line that is no JSON stays as it is', () => {
  const line = JSON.stringify({
    level: 'error',
    time: '2026-01-02T03:04:05.678Z',
    message: 'failed',
    error: { message: 'gone' },
    route: '/api/x',
    status: 500,
  });
  expect(formatLogLine(line)).toBe('03:04:05.678 error failed: gone  route=/api/x  status=500');
  expect(parseLogLine('Error: boom')).toEqual({ level: 'plain', message: 'Error: boom' });
});
