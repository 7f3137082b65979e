import { expect, test } from 'vitest';
import { servedPlatform } from '../../test/served-platform.ts';
import check from './metrics-missing.ts';

const platform = servedPlatform();
const token = 'Zt8qLr2vZt8qLr2vYw5nKc1mYw5nKc1m';
const closed = servedPlatform({ environment: { OPERATIONS_TOKEN: token } });

test('the platform as it is serves every declared metric', async () => {
  const { examined, findings } = await platform.look(check);
  expect(examined).toBeGreaterThan(15);
  expect(findings).toEqual([]);
});

test.each([
  ['is not served', /^# (HELP|TYPE) sanctum_db_pool_waiting .*\n/gm, ''],
  ['has another type', '# TYPE sanctum_db_pool_waiting gauge', '# TYPE sanctum_db_pool_waiting counter'],
])('a metric that %s is named', async (_name, from, to) => {
  const { findings } = await platform.look(check, { tamper: ({ text }) => ({ text: text.replaceAll(from, to) }) });
  expect(findings).toMatchObject([{ subject: 'sanctum_db_pool_waiting' }]);
});

test('an address that serves no metric at all is critical', async () => {
  const { findings } = await platform.look(check, { tamper: () => ({ status: 404, text: 'no' }) });
  expect(findings).toMatchObject([{ subject: 'GET /metrics', severity: 'critical' }]);
});

test('a platform that shows metrics only to operators is examined with the token, and not called broken without it', async () => {
  const { examined, findings } = await closed.lookWith(check, token);
  expect(examined).toBeGreaterThan(1);
  expect(findings).toEqual([]);
  for (const wrong of [undefined, `${token}x`]) {
    const refused: unknown = await closed.lookWith(check, wrong).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'CouldNotLook', fix: expect.stringContaining('OPERATIONS_TOKEN') });
  }
});
