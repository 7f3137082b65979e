import { expect, test } from 'vitest';
import type { ConfigTarget } from '../../src/check.ts';
import { runInWorld } from '../../test/context.ts';
import check from './any-host.ts';

const look = (env: ConfigTarget['env'], profile: ConfigTarget['profile'] = 'production') => runInWorld(check, { config: { profile, env } });

test.each([
  [{}, 'PUBLIC_ORIGIN'],
  [{ PUBLIC_ORIGIN: 'http://sanctum.example' }, 'PUBLIC_ORIGIN'],
  [{ PUBLIC_ORIGIN: 'https://sanctum.example', ALLOWED_HOSTS: 'www.sanctum.example, *' }, 'ALLOWED_HOSTS'],
])('%o is high in production and in staging', async (env, subject) => {
  for (const profile of ['production', 'staging'] as const) {
    expect((await look(env, profile)).findings).toMatchObject([{ subject, severity: 'high' }]);
  }
});

test.each([
  [{ PUBLIC_ORIGIN: 'https://sanctum.example' }, 'production'],
  [{ ALLOWED_HOSTS: 'sanctum.example' }, 'staging'],
  [{ PUBLIC_ORIGIN: 'http://127.0.0.1:8375' }, 'production'],
  [{}, 'development'],
] as const)('%o in %s is no finding, and was examined', async (env, profile) => {
  expect(await look(env, profile)).toEqual({ examined: 1, findings: [] });
});

test('an origin that cannot be read is no pass', async () => {
  await expect(look({ PUBLIC_ORIGIN: 'sanctum example' })).rejects.toThrow('PUBLIC_ORIGIN is not a URL');
});
