import { expect, test } from 'vitest';
import { testJwtSecret } from '../../../platform/test/harness/test-config.ts';
import { servedPlatform } from '../../test/served-platform.ts';
import check from './no-hsts.ts';

const production = { profile: 'production', env: {} } as const;
const development = servedPlatform();
const secured = servedPlatform({
  environment: {
    SANCTUM_PROFILE: 'production',
    DATABASE_URL: 'postgres://a:Zt8qLr2v@127.0.0.1/a',
    JWT_SECRET: testJwtSecret,
    PUBLIC_ORIGIN: 'http://127.0.0.1',
  },
});

test('a platform of the production profile sends the header, one of development does not, and both are fine', async () => {
  expect(await secured.look(check, { config: production })).toEqual({ examined: 2, findings: [] });
  expect(await development.look(check)).toEqual({ examined: 2, findings: [] });
});

test('production that runs with the development profile is named', async () => {
  const { findings } = await development.look(check, { config: production });
  expect(findings).toMatchObject([
    { subject: 'GET /: strict-transport-security' },
    { subject: 'GET /api/feeds/popular: strict-transport-security' },
  ]);
});

test('a header that browsers soon forget is named', async () => {
  const { findings } = await secured.look(check, {
    config: production,
    tamper: ({ headers }) => {
      headers.set('strict-transport-security', 'max-age=3600');
      return { headers };
    },
  });
  expect(findings).toHaveLength(2);
});

test('the header on a plain development server is low', async () => {
  const { findings } = await secured.look(check, { config: { profile: 'development', env: {} } });
  expect(findings[0]).toMatchObject({ severity: 'low' });
});
