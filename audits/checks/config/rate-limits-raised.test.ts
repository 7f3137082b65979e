import { productionRules } from '@sanctum/platform/production-rules';
import { expect, test } from 'vitest';
import type { ConfigTarget } from '../../src/check.ts';
import { listCheckIds } from '../../src/registry.ts';
import { runInWorld } from '../../test/context.ts';
import check from './rate-limits-raised.ts';

const look = (factor: string | undefined, profile: ConfigTarget['profile'] = 'production') =>
  runInWorld(check, { config: { profile, env: { RATE_LIMIT_FACTOR: factor } } });

test('a factor above one is high in production, low in development, and gone when left out', async () => {
  expect((await look('100')).findings).toMatchObject([{ subject: 'RATE_LIMIT_FACTOR', severity: 'high' }]);
  expect((await look('100', 'development')).findings).toMatchObject([{ severity: 'low' }]);
  expect(await look(undefined)).toEqual({ examined: 1, findings: [] });
});

test('a factor of one is no finding, and a factor that is no number is no pass', async () => {
  expect((await look('1')).findings).toEqual([]);
  await expect(look('many')).rejects.toThrow('RATE_LIMIT_FACTOR is not a whole number');
});

test('every rule of production has a check', async () => {
  const checkOf: Record<keyof typeof productionRules, string> = {
    weakSecret: 'config/weak-secret',
    openOrigins: 'config/wildcard-origin',
    anyHost: 'config/any-host',
    anyProxy: 'config/any-proxy',
    raisedRateLimits: 'config/rate-limits-raised',
    defaultPasswords: 'config/default-password',
    unencryptedStores: 'config/insecure-store-url',
  };
  expect(await listCheckIds()).toEqual(expect.arrayContaining(Object.values(checkOf)));
  expect(Object.keys(checkOf)).toEqual(Object.keys(productionRules));
});
