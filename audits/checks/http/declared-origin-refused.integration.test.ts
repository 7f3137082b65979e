import { expect, test } from 'vitest';
import { servedPlatform } from '../../test/served-platform.ts';
import check from './declared-origin-refused.ts';

const platform = servedPlatform({ environment: { ALLOWED_ORIGINS: 'https://app.example.org' } });
const declares = (origins: string) => ({ profile: 'development', env: { ALLOWED_ORIGINS: origins } }) as const;

test('the own origin and the declared one are let in', async () => {
  expect(await platform.look(check)).toEqual({ examined: 2, findings: [] });
});

test('an origin that is declared and not in force is named', async () => {
  const { findings } = await platform.look(check, { config: declares('https://app.example.org,https://new.example.org') });
  expect(findings).toMatchObject([{ subject: 'origin https://new.example.org' }]);
});

test('an own origin that counts as another site is named', async () => {
  const { findings } = await platform.look(check, {
    tamper: ({ path }) => (path === '/api/auth/refresh' ? { status: 403, text: '{"code":"request.cross_site"}' } : undefined),
  });
  expect(findings).toHaveLength(1);
  expect(findings[0]?.fix).toContain('TRUST_PROXY');
});
