import { expect, test } from 'vitest';
import type { ConfigTarget } from '../../src/check.ts';
import { runInWorld } from '../../test/context.ts';
import check from './default-password.ts';

const strong = 'postgres://sanctum:Zt8qLr2v@db.example.org/sanctum?sslmode=verify-full';
const look = (env: ConfigTarget['env'], profile: ConfigTarget['profile'] = 'production') =>
  runInWorld(check, { config: { profile, env: { DATABASE_URL: strong, ...env } } });

test.each([
  ['DATABASE_URL', 'postgres://sanctum:postgres@127.0.0.1/sanctum'],
  ['DATABASE_URL', 'postgres://sanctum@127.0.0.1/sanctum'],
  ['DATABASE_URL', 'postgres://otter:otter@127.0.0.1/sanctum'],
  ['DATABASE_URL', 'postgres://sanctum:CHANGE_ME@127.0.0.1/sanctum'],
  ['REDIS_URL', 'rediss://cache.example.org'],
  ['REDIS_URL', 'rediss://:foobared@cache.example.org'],
])('%s=%s is critical in production, low in development, and gone when changed', async (name, url) => {
  expect((await look({ [name]: url })).findings).toMatchObject([{ subject: name, severity: 'critical' }]);
  expect((await look({ [name]: url }, 'development')).findings).toMatchObject([{ severity: 'low' }]);
  expect((await look({})).findings).toEqual([]);
});

test.each([
  { DATABASE_URL: 'postgres://sanctum:postgres9x@127.0.0.1/sanctum' },
  { REDIS_URL: 'redis://127.0.0.1:6379' },
  { REDIS_URL: 'rediss://:Zt8qLr2v@cache.example.org' },
])('%o is no finding, and was examined', async (env) => {
  const { examined, findings } = await look(env);
  expect(examined).toBeGreaterThan(0);
  expect(findings).toEqual([]);
});

test('an address that is unknown or no URL is no pass', async () => {
  await expect(look({ DATABASE_URL: undefined })).rejects.toThrow('DATABASE_URL is not known here');
  await expect(look({ REDIS_URL: 'cache' })).rejects.toThrow('REDIS_URL is not a URL');
});
