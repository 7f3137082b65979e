import { expect, test } from 'vitest';
import type { ConfigTarget } from '../../src/check.ts';
import { runInWorld } from '../../test/context.ts';
import check from './insecure-store-url.ts';

const safe = 'postgres://sanctum:Zt8qLr2v@db.example.org/sanctum?sslmode=verify-full';
const look = (env: ConfigTarget['env'], profile: ConfigTarget['profile'] = 'production') =>
  runInWorld(check, { config: { profile, env: { DATABASE_URL: safe, ...env } } });

test.each([
  ['DATABASE_URL', 'postgres://sanctum:Zt8qLr2v@db.example.org/sanctum'],
  ['DATABASE_URL', 'postgres://sanctum:Zt8qLr2v@db.example.org/sanctum?sslmode=require'],
  ['REDIS_URL', 'redis://:Zt8qLr2v@cache.example.org'],
])('%s=%s is high in production, low in development, without its password, and gone when changed', async (name, url) => {
  const { findings } = await look({ [name]: url });
  expect(findings).toMatchObject([{ subject: name, severity: 'high' }]);
  expect(JSON.stringify(findings)).not.toContain('Zt8qLr2v');
  expect((await look({ [name]: url }, 'development')).findings).toMatchObject([{ severity: 'low' }]);
  expect((await look({})).findings).toEqual([]);
});

test.each([
  { DATABASE_URL: 'postgres://sanctum:Zt8qLr2v@127.0.0.1/sanctum' },
  { DATABASE_URL: 'postgres://sanctum:x@localhost/sanctum?host=/run/postgresql' },
  { REDIS_URL: 'redis://127.0.0.1:6379' },
  { REDIS_URL: 'rediss://:Zt8qLr2v@cache.example.org' },
])('%o is no finding', async (env) => {
  expect((await look(env)).findings).toEqual([]);
});
