import { expect, test } from 'vitest';
import type { ConfigTarget } from '../../src/check.ts';
import { runInWorld } from '../../test/context.ts';
import check from './unknown-setting.ts';

const look = (env: ConfigTarget['env']) => runInWorld(check, { config: { profile: 'production', env } });

test.each([
  ['ALLOWED_ORIGIN', 'ALLOWED_ORIGINS'],
  ['JWT_SECERT', 'JWT_SECRET'],
  ['LOGLEVEL', 'LOG_LEVEL'],
  ['REDIS_URI', 'REDIS_URL'],
  ['DATABASE_POOLMAX', 'DATABASE_POOL_MAX'],
  ['JWT_SECRET_FLIE', 'JWT_SECRET_FILE'],
])('%s is named with %s, without its value, and gone when renamed', async (given, meant) => {
  const { findings } = await look({ [given]: 'planted-value' });
  expect(findings).toMatchObject([{ subject: given }]);
  expect(findings[0]?.fix).toContain(`${meant}=`);
  expect(JSON.stringify(findings)).not.toContain('planted-value');
  expect(await look({ [meant]: 'planted-value' })).toEqual({ examined: 1, findings: [] });
});

test("a neighbour is another program's when the setting itself is given", async () => {
  expect((await look({ REDIS_URL: 'redis://127.0.0.1', REDIS_URI: 'redis://127.0.0.1' })).findings).toEqual([]);
});

test.each(['HOSTS', 'SPORT', 'PATH', 'SANCTUM_HOME', 'npm_config_loglevel', 'DATABASE_NAME'])(
  '%s is no neighbour of a setting',
  async (name) => {
    expect((await look({ [name]: 'x' })).findings).toEqual([]);
  },
);
