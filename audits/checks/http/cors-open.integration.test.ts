import { expect, test } from 'vitest';
import { servedPlatform } from '../../test/served-platform.ts';
import check from './cors-open.ts';

const closed = servedPlatform();
const listed = servedPlatform({ environment: { ALLOWED_ORIGINS: 'https://app.example.org' } });
const open = servedPlatform({ environment: { ALLOWED_ORIGINS: '*' } });

test('a platform that lists its origins, or none, lets no foreign one in', async () => {
  for (const platform of [closed, listed]) expect(await platform.look(check)).toEqual({ examined: 8, findings: [] });
});

test('ALLOWED_ORIGINS=* lets every page read the API', async () => {
  const { findings } = await open.look(check);
  expect(findings).toMatchObject([{ subject: 'every origin', severity: 'high' }]);
  expect(findings[0]?.detail).toContain('GET /api/feeds/popular and OPTIONS /api/auth/sign-in');
  expect(findings[0]?.fix).toContain('ALLOWED_ORIGINS=');
});

test('an origin that is sent back with credentials is critical, and another one is not', async () => {
  const reflect = (answerTo: (origin: string) => string) =>
    closed.look(check, {
      tamper: ({ init, headers }) => {
        headers.set('access-control-allow-origin', answerTo(new Headers(init.headers).get('origin') ?? ''));
        headers.set('access-control-allow-credentials', 'true');
        return { headers };
      },
    });
  const { findings } = await reflect((origin) => origin);
  expect(findings).toHaveLength(4);
  expect(new Set(findings.map((finding) => finding.fingerprint)).size).toBe(4);
  expect(findings.every((finding) => finding.severity === 'critical')).toBe(true);
  expect((await reflect((origin) => (origin.startsWith('http://127.0.0.1') ? origin : 'https://app.example.org'))).findings).toHaveLength(
    1,
  );
  expect((await reflect(() => 'https://app.example.org')).findings).toEqual([]);
});
