import type { FastifyRequest } from 'fastify';
import { describe, expect, test } from 'vitest';
import { createCredentialCookies } from './credential-cookies.ts';
import { createCrossSiteGuard } from './csrf.ts';

const own = 'https://sanctum.example';
const allowed = 'https://partner.example';
const guard = createCrossSiteGuard({ allowedOrigins: [allowed], cookies: createCredentialCookies({ secure: true }) });

const sites = [undefined, 'same-origin', 'none', 'same-site', 'cross-site'] as const;
const origins = [
  undefined,
  own,
  allowed,
  'https://evil.example',
  'null',
  'http://sanctum.example',
  'https://sanctum.example.evil.example',
] as const;
const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const carried = {
  nothing: {},
  'another cookie': { cookie: 'theme=dark' },
  'the access cookie': { cookie: 'theme=dark; __Host-sanctum_access=a.b.c' },
  'the refresh cookie': { cookie: '__Host-sanctum_refresh=abc' },
  'a Bearer token': { authorization: 'Bearer a.b.c' },
  'cookie and Bearer token': { cookie: '__Host-sanctum_access=a.b.c', authorization: 'Bearer a.b.c' },
} as const;

/** By hand: which pairs of Sec-Fetch-Site and Origin may change something by cookie. */
const accepted: readonly (readonly [string | undefined, string | undefined])[] = [
  ...origins.map((origin) => ['same-origin', origin] as const),
  ...origins.map((origin) => ['none', origin] as const),
  ['cross-site', allowed],
  ['same-site', allowed],
  [undefined, allowed],
  [undefined, own],
];

function requestOf(method: string, headers: Record<string, string | undefined>): FastifyRequest {
  return {
    method,
    headers: { host: 'sanctum.example', ...headers },
    protocol: 'https',
    host: 'forwarded.evil.example',
  } as unknown as FastifyRequest;
}

function refuses(work: () => void): boolean {
  try {
    work();
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'request.cross_site' });
    return true;
  }
}

describe('the cross-site guard', () => {
  test('refuses exactly the changes that another site asks for by cookie: the whole matrix', () => {
    let refused = 0;
    let passed = 0;
    for (const method of methods)
      for (const site of sites)
        for (const origin of origins)
          for (const [name, headers] of Object.entries(carried)) {
            const request = requestOf(method, { ...headers, 'sec-fetch-site': site, origin });
            const changes = !['GET', 'HEAD', 'OPTIONS'].includes(method);
            const byCookie = name === 'the access cookie' || name === 'the refresh cookie';
            const foreign = !accepted.some(([okSite, okOrigin]) => okSite === site && okOrigin === origin);
            const expected = changes && byCookie && foreign;
            expect(
              refuses(() => guard.check(request)),
              `${method} ${site} ${origin} with ${name}`,
            ).toBe(expected);
            if (expected) refused += 1;
            else passed += 1;
          }
    expect(refused).toBe(4 * 2 * (sites.length * origins.length - accepted.length));
    expect(passed).toBeGreaterThan(refused);
  });

  test('asks routes that give cookies for the same, whatever the request carries', () => {
    for (const site of sites)
      for (const origin of origins)
        for (const headers of Object.values(carried)) {
          const foreign = !accepted.some(([okSite, okOrigin]) => okSite === site && okOrigin === origin);
          expect(refuses(() => guard.assertSameSite(requestOf('POST', { ...headers, 'sec-fetch-site': site, origin })))).toBe(foreign);
        }
  });
});
