import { expect, test } from 'vitest';
import { servedPlatform } from '../../test/served-platform.ts';
import check from './security-headers.ts';

const platform = servedPlatform();

test('the platform as it is sends every header on pages, lists, errors and probes', async () => {
  const { examined, findings } = await platform.look(check);
  expect(examined).toBe(16);
  expect(findings).toEqual([]);
});

test.each([
  ['content-security-policy', null],
  ['content-security-policy', "default-src 'self'; script-src 'self' 'unsafe-inline'"],
  ['content-security-policy', "script-src *; frame-ancestors 'none'"],
  ['content-security-policy', "img-src 'self'; frame-ancestors 'none'"],
  ['x-content-type-options', null],
  ['referrer-policy', 'unsafe-url'],
])('%s: %s on one page is named', async (header, value) => {
  const { findings } = await platform.look(check, {
    tamper: ({ path, headers }) => {
      if (path !== '/') return undefined;
      if (value === null) headers.delete(header);
      else headers.set(header, value);
      return { headers };
    },
  });
  expect(findings).toMatchObject([{ subject: `GET /: ${header}` }]);
});

test('a frame option is missed only when the policy does not say the same', async () => {
  const without = (policy: string | undefined) =>
    platform.look(check, {
      tamper: ({ headers }) => {
        headers.delete('x-frame-options');
        if (policy !== undefined) headers.set('content-security-policy', policy);
        return { headers };
      },
    });
  expect((await without(undefined)).findings).toEqual([]);
  expect((await without("default-src 'none'")).findings).toHaveLength(4);
});

test.each([
  "script-src 'self' 'nonce-abc' 'unsafe-inline'; frame-ancestors 'self'",
  "default-src 'none'; img-src https: data:; frame-ancestors 'none'",
])('%s is a strict policy', async (policy) => {
  const { findings } = await platform.look(check, {
    tamper: ({ headers }) => {
      headers.set('content-security-policy', policy);
      return { headers };
    },
  });
  expect(findings).toEqual([]);
});
