import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConfigTarget } from '../../src/check.ts';
import { runInWorld } from '../../test/context.ts';
import check from './weak-secret.ts';

const strong = 'k3Jd0vTq7Zx1Lw9Rb5Yc8Nf2Hs6Mg4PaUeXiQoWt';
const look = (env: ConfigTarget['env'], profile: ConfigTarget['profile'] = 'production') => runInWorld(check, { config: { profile, env } });

test.each([
  ['short', 'k3Jd0vTq7Zx1'],
  ['a placeholder', 'change_me_change_me_change_me_change_me'],
  ['made of words', 'this-is-my-very-secret-password-for-all'],
  ['one letter', 'a'.repeat(64)],
])('a secret that is %s is critical in production, is never shown, and gone when replaced', async (_name, secret) => {
  const { findings } = await look({ JWT_SECRET: secret });
  expect(findings).toMatchObject([{ subject: 'JWT_SECRET', severity: 'critical' }]);
  expect(JSON.stringify(findings)).not.toContain(secret);
  expect(await look({ JWT_SECRET: strong })).toEqual({ examined: 1, findings: [] });
});

test('the same on the machine of a developer is low', async () => {
  const { findings } = await look({ JWT_SECRET: 'a'.repeat(64) }, 'development');
  expect(findings).toMatchObject([{ severity: 'low' }]);
});

test('a secret that is also the password of a store is named, another one is not', async () => {
  const url = (password: string) => `postgres://sanctum:${password}@db.example.org/sanctum`;
  expect((await look({ JWT_SECRET: strong, DATABASE_URL: url(strong) })).findings).toMatchObject([{ severity: 'high' }]);
  expect((await look({ JWT_SECRET: strong, DATABASE_URL: url('Zt8qLr2v') })).findings).toEqual([]);
});

test('a secret in a file is read from it, and a file that cannot be read is no pass', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sanctum-secret-'));
  const path = join(folder, 'jwt');
  writeFileSync(path, `${'a'.repeat(64)}\n`);
  expect((await look({ JWT_SECRET_FILE: path })).findings).toHaveLength(1);
  writeFileSync(path, `${strong}\n`);
  expect((await look({ JWT_SECRET_FILE: path })).findings).toEqual([]);
  rmSync(folder, { recursive: true });
  await expect(look({ JWT_SECRET_FILE: path })).rejects.toThrow('JWT_SECRET_FILE names a file that cannot be read');
});

test('a secret that is not known here is no pass', async () => {
  await expect(look({ PORT: '8375' })).rejects.toThrow('JWT_SECRET is not known here');
});
