import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '@sanctum/platform/local/processes';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resolveTarget } from './target.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanctum-target-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const local = {
  url: 'http://127.0.0.1:8375',
  port: 8375,
  databaseUrl: 'postgres://local/db',
  redis: 'server',
  redisUrl: 'redis://local',
  database: 'embedded',
  settings: { ALLOWED_ORIGINS: 'http://a', SANCTUM_PROFILE: 'development' },
};

function withLocalStack(): { SANCTUM_HOME: string } {
  mkdirSync(join(folder, 'run'));
  writeFileSync(join(folder, 'run/platform.json'), JSON.stringify({ ...identify(process.pid), ...local }));
  return { SANCTUM_HOME: folder };
}

test('the local stack is the target when nothing else is given', () => {
  expect(resolveTarget({}, withLocalStack(), folder)).toMatchObject({
    source: 'local stack',
    databaseUrl: local.databaseUrl,
    redisUrl: local.redisUrl,
    url: local.url,
  });
});

test('a local stack whose process is gone is no target', () => {
  const env = withLocalStack();
  writeFileSync(join(folder, 'run/platform.json'), JSON.stringify({ pid: process.pid, startedAt: 'never', ...local }));
  expect(resolveTarget({}, env, folder)).toMatchObject({ source: 'nowhere' });
  expect(resolveTarget({}, env, folder).databaseUrl).toBeUndefined();
});

test('flags win over the environment, the environment over the file, and the local stack never fills their gaps', () => {
  const env = { ...withLocalStack(), DATABASE_URL: 'postgres://env/db' };
  writeFileSync(join(folder, 'sanctum-ops.config.json'), JSON.stringify({ databaseUrl: 'postgres://file/db', url: 'http://file' }));
  const target = resolveTarget({ databaseUrl: 'postgres://flag/db' }, env, folder);
  expect(target).toMatchObject({ source: 'flags', databaseUrl: 'postgres://flag/db', url: 'http://file' });
  expect(target.redisUrl).toBeUndefined();
  expect(resolveTarget({}, env, folder)).toMatchObject({ source: 'environment', databaseUrl: 'postgres://env/db' });
});

test('an address that is the local one keeps the rest of the local stack', () => {
  const env = { ...withLocalStack(), DATABASE_URL: local.databaseUrl };
  expect(resolveTarget({}, env, folder)).toMatchObject({ databaseUrl: local.databaseUrl, url: local.url, redisUrl: local.redisUrl });
});

test('a named target ignores the environment of the shell', () => {
  writeFileSync(join(folder, 'sanctum-ops.config.json'), JSON.stringify({ targets: { staging: { url: 'https://staging' } } }));
  const env = { SANCTUM_HOME: join(folder, 'none'), DATABASE_URL: 'postgres://env/db' };
  const target = resolveTarget({ target: 'staging' }, env, folder);
  expect(target).toMatchObject({ url: 'https://staging', source: 'sanctum-ops.config.json' });
  expect(target.databaseUrl).toBeUndefined();
  expect(() => resolveTarget({ target: 'stagin' }, env, folder)).toThrow(/no target "stagin"/);
});

test('a key that means nothing is refused', () => {
  writeFileSync(join(folder, 'sanctum-ops.config.json'), JSON.stringify({ databaseURL: 'postgres://typo' }));
  expect(() => resolveTarget({}, { SANCTUM_HOME: join(folder, 'none') }, folder)).toThrow(/"databaseURL"/);
});

test('settings of this shell overlay those that the platform was started with', () => {
  const target = resolveTarget({}, { ...withLocalStack(), SANCTUM_PROFILE: 'production', ALLOWED_ORIGINS: '*' }, folder);
  expect(target.config).toMatchObject({ profile: 'production', env: { ALLOWED_ORIGINS: '*' } });
});
