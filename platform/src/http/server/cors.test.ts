import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type BareServer, createBareServer } from '../../../test/harness/bare-server.ts';
import { defineRoute } from '../routes/route.ts';

const route = defineRoute({
  method: 'POST',
  url: '/api/thing',
  operationId: 'thing',
  summary: 'x',
  tags: ['t'],
  access: 'public',
  rateLimit: 'read',
  statementsMax: 0,
  degradation: 'full',
  schema: { response: { 200: z.object({}) } },
  handler: async () => ({}),
});
let server: BareServer;
afterEach(() => server.app.close());

async function preflight(origin: string) {
  const response = await server.app.inject({
    method: 'OPTIONS',
    url: '/api/thing',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
  });
  return response.headers['access-control-allow-origin'];
}

describe('CORS', () => {
  test('allows exactly the configured origins, with credentials', async () => {
    server = await createBareServer([route], { config: { allowedOrigins: ['https://a.example', 'https://b.example'] } });
    for (const origin of ['https://a.example', 'https://b.example']) expect(await preflight(origin)).toBe(origin);
    for (const origin of ['https://c.example', 'http://a.example', 'https://a.example.evil.org', 'https://a.example:444', 'null'])
      expect(await preflight(origin), origin).toBeUndefined();
    const response = await server.app.inject({ method: 'POST', url: '/api/thing', headers: { origin: 'https://a.example' } });
    expect(response.headers).toMatchObject({
      'access-control-allow-origin': 'https://a.example',
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    });
  });

  test('is absent when no origin is configured', async () => {
    server = await createBareServer([route]);
    expect(await preflight('https://a.example')).toBeUndefined();
    expect(
      (await server.app.inject({ method: 'POST', url: '/api/thing', headers: { origin: 'https://a.example' } })).headers[
        'access-control-allow-origin'
      ],
    ).toBeUndefined();
  });

  test('never combines "*" with credentials', async () => {
    server = await createBareServer([route], { config: { allowedOrigins: ['*'] } });
    const response = await server.app.inject({ method: 'POST', url: '/api/thing', headers: { origin: 'https://any.example' } });
    expect([response.headers['access-control-allow-origin'], response.headers['access-control-allow-credentials']]).toEqual([
      '*',
      undefined,
    ]);
  });

  test('HSTS is set where browsers come by https, and not on plain http', async () => {
    server = await createBareServer([route], { config: { profile: 'production' } });
    expect((await server.app.inject({ method: 'POST', url: '/api/thing' })).headers['strict-transport-security']).toContain(
      'max-age=63072000',
    );
    await server.app.close();
    server = await createBareServer([route]);
    const { headers } = await server.app.inject({ method: 'POST', url: '/api/thing' });
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
  });
});
