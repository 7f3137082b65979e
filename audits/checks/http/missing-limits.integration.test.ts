import { expect, test } from 'vitest';
import { servedPlatform, type Tamper } from '../../test/served-platform.ts';
import check from './missing-limits.ts';

const platform = servedPlatform();

test('the platform as it is stops every request that is too much', async () => {
  const { examined, findings } = await platform.look(check);
  expect(examined).toBeGreaterThan(20);
  expect(findings).toEqual([]);
});

/** Answers as if the limit with that status did not exist. */
const unlimited =
  (status: number): Tamper =>
  (answer) =>
    answer.status === status ? { status: 401, text: '{"code":"auth.credentials_wrong"}' } : undefined;

test.each([
  [413, 'POST /api/auth/sign-in: a body of 256 KiB'],
  [415, 'POST /api/auth/sign-in: a content type that no route reads'],
  [431, 'POST /api/auth/sign-in: headers of 24 KiB'],
])('a server that never answers %i is named', async (status, subject) => {
  expect((await platform.look(check, { tamper: unlimited(status) })).findings.map((finding) => finding.subject)).toEqual([subject]);
});

test('deep JSON that only fails because it has no fields is named', async () => {
  const { findings } = await platform.look(check, {
    tamper: ({ text }) => ({ text: text.replaceAll('request.too_deep', 'request.invalid') }),
  });
  expect(findings.map((finding) => finding.subject)).toEqual(['POST /api/auth/sign-in: JSON nested 1000 levels deep']);
});

test.each([
  [null, '59'],
  ['60', '60'],
])('ratelimit-limit %s with %s remaining does not count, and is named', async (limit, remaining) => {
  const { findings } = await platform.look(check, {
    tamper: ({ headers }) => {
      if (limit === null) headers.delete('ratelimit-limit');
      else headers.set('ratelimit-limit', limit);
      headers.set('ratelimit-remaining', remaining);
      return { headers };
    },
  });
  expect(findings.map((finding) => finding.subject)).toEqual(['POST /api/auth/sign-in: rate limit']);
});

test('a route that declares no rate limit is named', async () => {
  const { findings } = await platform.look(check, {
    tamper: ({ path, text }) => {
      if (path !== '/api/openapi.json') return undefined;
      const document = JSON.parse(text) as { paths: Record<string, Record<string, { responses: Record<string, unknown> }>> };
      delete document.paths['/api/posts/{postId}/like']?.['put']?.responses['429'];
      return { text: JSON.stringify(document) };
    },
  });
  expect(findings.map((finding) => finding.subject)).toEqual(['PUT /api/posts/{postId}/like: rate limit']);
});

test('a rate limit that is used up is no pass', async () => {
  await expect(platform.look(check, { tamper: () => ({ status: 429 }) })).rejects.toThrow('the rate limit of this address is used up');
});
