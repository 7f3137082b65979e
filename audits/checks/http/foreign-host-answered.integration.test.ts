import { expect, test } from 'vitest';
import { servedPlatform } from '../../test/served-platform.ts';
import { testJwtSecret } from '../../../platform/test/harness/test-config.ts';
import check from './foreign-host-answered.ts';

const production = { profile: 'production', env: {} } as const;
const anyName = servedPlatform();
const ownName = servedPlatform({
  environment: {
    SANCTUM_PROFILE: 'production',
    DATABASE_URL: 'postgres://a:Zt8qLr2v@127.0.0.1/a',
    JWT_SECRET: testJwtSecret,
    PUBLIC_ORIGIN: 'http://127.0.0.1',
  },
});

test('a platform that answers under a foreign name in production is named', async () => {
  expect((await anyName.look(check, { config: production })).findings).toMatchObject([{ subject: 'host foreign-host.invalid' }]);
});

test('a platform that knows its name, and one of a developer, are fine', async () => {
  expect(await ownName.look(check, { config: production })).toEqual({ examined: 1, findings: [] });
  expect(await anyName.look(check)).toEqual({ examined: 1, findings: [] });
});
