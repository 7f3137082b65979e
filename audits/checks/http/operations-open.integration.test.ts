import { expect, test } from 'vitest';
import { servedPlatform } from '../../test/served-platform.ts';
import { testJwtSecret } from '../../../platform/test/harness/test-config.ts';
import check from './operations-open.ts';

const production = { profile: 'production', env: {} } as const;
const open = servedPlatform();
const closed = servedPlatform({
  environment: {
    SANCTUM_PROFILE: 'production',
    DATABASE_URL: 'postgres://a:Zt8qLr2v@127.0.0.1/a',
    JWT_SECRET: testJwtSecret,
    PUBLIC_ORIGIN: 'http://127.0.0.1',
    OPERATIONS_TOKEN: 'Zt8qLr2vZt8qLr2vYw5nKc1mYw5nKc1m',
  },
});

test('a platform that production believes to be closed and that shows both is named twice', async () => {
  expect((await open.look(check, { config: production })).findings).toMatchObject([
    { subject: 'GET /metrics', severity: 'high' },
    { subject: 'GET /ready', severity: 'medium' },
  ]);
});

test('the production profile is closed, and a development platform may be open', async () => {
  expect(await closed.look(check, { config: production })).toEqual({ examined: 2, findings: [] });
  expect(await open.look(check)).toEqual({ examined: 2, findings: [] });
});
