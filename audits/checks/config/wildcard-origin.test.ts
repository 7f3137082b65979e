import { expect, test } from 'vitest';
import type { ConfigTarget } from '../../src/check.ts';
import { runInWorld } from '../../test/context.ts';
import check from './wildcard-origin.ts';

const look = (origins: string, profile: ConfigTarget['profile'] = 'production') =>
  runInWorld(check, { config: { profile, env: { ALLOWED_ORIGINS: origins } } });

test.each([
  ['*', 'holds "*"'],
  ['https://a.example.org, *', 'holds "*"'],
  ['http://a.example.org', 'not encrypted'],
])('%s is critical in production and in staging, and gone when replaced', async (origins, words) => {
  for (const profile of ['production', 'staging'] as const) {
    const { findings } = await look(origins, profile);
    expect(findings).toMatchObject([{ subject: 'ALLOWED_ORIGINS', severity: 'critical' }]);
    expect(findings[0]?.detail).toContain(words);
    expect(findings[0]?.fix).toMatch(/ALLOWED_ORIGINS=|https:\/\//);
  }
  expect((await look('https://a.example.org')).findings).toEqual([]);
});

test('"*" on the machine of a developer is low', async () => {
  expect((await look('*', 'development')).findings).toMatchObject([{ severity: 'low' }]);
});

test.each(['', 'https://a.example.org,https://b.example.org', 'http://localhost:5173'])(
  '"%s" is no finding, and was examined',
  async (origins) => {
    const { examined, findings } = await look(origins);
    expect(examined).toBeGreaterThan(0);
    expect(findings).toEqual([]);
  },
);
