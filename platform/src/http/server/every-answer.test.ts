/** Whatever answers, a route, the framework, or the parser below it: one shape, the security headers, a count and a line. */
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type BareServer, createBareServer } from '../../../test/harness/bare-server.ts';
import { sendRaw } from '../../../test/harness/raw-http.ts';
import { errorCatalogue, type ErrorCode } from '../../errors.ts';
import { defineRoute } from '../routes/route.ts';

const common = {
  tags: ['test'],
  access: 'public',
  rateLimit: 'operations',
  statementsMax: 0,
  degradation: 'full',
  summary: 'A test route',
} as const;
const response = { 200: z.object({ id: z.string() }) };
const routes = [
  defineRoute({
    ...common,
    method: 'GET',
    url: '/api/things/:thingId',
    operationId: 'a',
    schema: { response },
    handler: async () => ({ id: 'a' }),
  }),
  defineRoute({
    ...common,
    method: 'GET',
    url: '/api/things/mine',
    operationId: 'b',
    schema: { response },
    handler: async () => ({ id: 'b' }),
  }),
  defineRoute({
    ...common,
    method: 'PATCH',
    url: '/api/things/mine',
    operationId: 'c',
    schema: {
      body: z.strictObject({ kind: z.enum(['text', 'link']).optional(), tags: z.record(z.string(), z.number()).optional() }),
      querystring: z.strictObject({ sort: z.enum(['new', 'top']).optional() }),
      response,
    },
    handler: async () => ({ id: 'c' }),
  }),
  defineRoute({
    ...common,
    method: 'POST',
    url: '/api/things',
    operationId: 'd',
    schema: { body: z.unknown(), response },
    handler: async () => ({ id: 'd' }),
  }),
];

let server: BareServer | undefined;
async function start(...parameters: Parameters<typeof createBareServer>): Promise<BareServer> {
  server = await createBareServer(...parameters);
  return server;
}
afterEach(async () => {
  await server?.app.close();
  server = undefined;
});

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

describe('a method that a path does not have is 405 and names the ones it has', () => {
  test.each<[Method, string, string]>([
    ['DELETE', '/api/things/7', 'GET, HEAD'],
    ['OPTIONS', '/api/things/7', 'GET, HEAD'],
    ['PUT', '/api/things/mine?a=/api/things', 'GET, HEAD, PATCH'],
    ['GET', '/api/things', 'POST'],
    ['HEAD', '/api/things', 'POST'],
    ['POST', '/s/astronomy', 'GET, HEAD'],
    ['DELETE', '/', 'GET, HEAD'],
    ['PATCH', '/assets/index.js', 'GET, HEAD'],
    ['PUT', '/api/%74hings/7', 'GET, HEAD'],
  ])('%s %s: %s', async (method, url, allow) => {
    const { app } = await start(routes);
    const answer = await app.inject({ method, url });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, allow]);
    if (method !== 'HEAD') expect(answer.json()).toMatchObject({ code: 'request.method_not_allowed', status: 405 });
  });

  test.each(['TRACE', 'PROPFIND', 'BREW', 'QUERY', 'get'])('%s, whether or not the parser knows it', async (method) => {
    const bare = await start(routes);
    const reply = await sendRaw(await bare.listen(), `${method} /api/things HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    expect(reply.status).toBe(405);
    expect(reply.text).toMatch(/\r\nallow: POST\r\n/i);
  });

  test('CONNECT', async () => {
    const bare = await start(routes);
    const reply = await sendRaw(await bare.listen(), 'CONNECT example.org:443 HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(reply.status).toBe(405);
    expect(reply.text).toMatch(/\r\nallow: /i);
  });

  test('before its body is looked at', async () => {
    const { app } = await start(routes);
    const plain = { payload: 'x'.repeat(100_000), headers: { 'content-type': 'text/plain' } };
    expect((await app.inject({ method: 'PUT', url: '/api/things', ...plain })).statusCode).toBe(405);
    expect((await app.inject({ method: 'PUT', url: '/api/nothing', ...plain })).statusCode).toBe(404);
  });

  test.each<[Method, string]>([
    ['POST', '/api/nothing'],
    ['OPTIONS', '/api'],
    ['DELETE', '/api/things/'],
    ['DELETE', '/api/things/7/more'],
  ])('but %s %s, which no method has, is 404', async (method, url) => {
    const { app } = await start(routes);
    expect((await app.inject({ method, url })).json()).toMatchObject({ code: 'request.route_unknown' });
  });
});

const json = 'host: x\r\ncontent-type: application/json\r\n';
const refused: readonly [what: string, bytes: string, code: ErrorCode][] = [
  ['a path that nobody has', 'GET /api/nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 'request.route_unknown'],
  ['a path that cannot be decoded', 'GET /api/%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 'request.route_unknown'],
  ['a wrong method', 'DELETE /api/things HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 'request.method_not_allowed'],
  ['a method that the parser does not know', 'BREW /api/things HTTP/1.1\r\nhost: x\r\n\r\n', 'request.method_not_allowed'],
  ['CONNECT', 'CONNECT a.example:1 HTTP/1.1\r\nhost: x\r\n\r\n', 'request.method_not_allowed'],
  ['no Host', 'GET /api/things/7 HTTP/1.1\r\nconnection: close\r\n\r\n', 'request.host_missing'],
  [
    'an expectation',
    'GET /api/things/7 HTTP/1.1\r\nhost: x\r\nexpect: a-miracle\r\nconnection: close\r\n\r\n',
    'request.expectation_failed',
  ],
  ['a very long address', `GET /api/things/${'a'.repeat(9000)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`, 'request.uri_too_long'],
  ['an endless address', `GET /${'a'.repeat(40_000)}`, 'request.uri_too_long'],
  [
    'too many header bytes',
    `GET / HTTP/1.1\r\nhost: x\r\n${`x-flood: ${'y'.repeat(50)}\r\n`.repeat(1000)}\r\n`,
    'request.headers_too_large',
  ],
  ['what is not HTTP', 'EHLO example.org\r\n\r\n', 'request.malformed_http'],
  ['two lengths', `POST /api/things HTTP/1.1\r\n${json}content-length: 1\r\ncontent-length: 2\r\n\r\n{}`, 'request.malformed_http'],
  [
    'a length and chunks',
    `POST /api/things HTTP/1.1\r\n${json}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`,
    'request.malformed_http',
  ],
  [
    'a broken chunk',
    `POST /api/things HTTP/1.1\r\n${json}transfer-encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n`,
    'request.malformed_http',
  ],
  ['a broken header line', 'GET / HTTP/1.1\r\nhost: x\r\nno colon here\r\n\r\n', 'request.malformed_http'],
  [
    'a body that is too large',
    `POST /api/things HTTP/1.1\r\n${json}content-length: 900000\r\nconnection: close\r\n\r\n{`,
    'request.body_too_large',
  ],
  [
    'a body of another kind',
    'POST /api/things HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx',
    'request.unsupported_media_type',
  ],
  ['broken JSON', `POST /api/things HTTP/1.1\r\n${json}content-length: 1\r\nconnection: close\r\n\r\n{`, 'request.malformed_json'],
  [
    'an upgrade that nobody serves',
    'GET /api/socket HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    'request.route_unknown',
  ],
  ['headers that do not end', 'GET / HTTP/1.1\r\nhost: x\r\nx-a: ', 'request.timeout'],
];

describe('every refusal has the one shape, the security headers, a count and a line', () => {
  test.each(refused)('%s', async (_what, bytes, code) => {
    const bare = await start(routes, { config: { requestTimeoutMs: 400, headersTimeoutMs: 400, keepAliveTimeoutMs: 1000 } });
    const { text } = await sendRaw(await bare.listen(), bytes);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const headers = new Headers(
      head
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(/: (.*)/s, 2) as [string, string]),
    );
    const { status, title, fix } = errorCatalogue[code];
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text.match(/HTTP\/1\.1 \d/g), 'one answer').toHaveLength(1);
    expect(JSON.parse(body)).toEqual({
      type: `/api/errors#${code}`,
      title,
      status,
      code,
      detail: fix,
      requestId: headers.get('x-request-id'),
    });
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(await bare.metrics.scrape()).toMatch(new RegExp(`sanctum_http_request_errors_total{[^}]*code="${code}"[^}]*} 1`));
    expect(bare.logs.filter((line) => line['code'] === code && line['request_id'] === headers.get('x-request-id'))).toHaveLength(1);
  });

  test('an endless connection is closed after its last request, and every request on it is answered', async () => {
    const bare = await start(routes, { requestsPerConnectionMax: 3 });
    const one = 'GET /api/things/7 HTTP/1.1\r\nhost: x\r\n\r\n';
    const { text } = await sendRaw(await bare.listen(), one.repeat(3));
    expect(text.match(/HTTP\/1\.1 (\d+)/g)).toEqual(Array.from({ length: 3 }, () => 'HTTP/1.1 200'));
    expect(text).not.toContain('503');
  });
});

describe('nothing that a client chose comes back in an error', () => {
  const planted = 'zq9planted';
  const patch = { method: 'PATCH', url: '/api/things/mine', headers: { 'content-type': 'application/json' } } as const;
  test.each([
    ['the name of a field', { ...patch, payload: `{"${planted}":1}` }],
    ['the names of many fields', { ...patch, payload: `{"${planted}a":1,"${planted}b":{"${planted}c":2}}` }],
    ['the value of an enum', { ...patch, payload: `{"kind":"${planted}"}` }],
    ['a key of a map', { ...patch, payload: `{"tags":{"${planted}":"x"}}` }],
    ['a name that reaches a prototype', { ...patch, payload: `{"__proto__":{"${planted}":1}}` }],
    ['a constructor', { ...patch, payload: `{"constructor":{"prototype":{"${planted}":1}}}` }],
    ['broken JSON', { ...patch, payload: `{"${planted}":` }],
    ['a query parameter', { ...patch, url: `/api/things/mine?${planted}=1`, payload: '{}' }],
    ['the value of a query parameter', { ...patch, url: `/api/things/mine?sort=${planted}`, payload: '{}' }],
    ['a content type', { ...patch, headers: { 'content-type': `text/${planted}` }, payload: '{}' }],
    ['a path', { method: 'GET', url: `/api/${planted}`, headers: {} }],
    ['a request id that is not one', { method: 'GET', url: '/api/nothing', headers: { 'x-request-id': `<${planted}>` } }],
  ] as const)('%s', async (_what, request) => {
    const { app, logs } = await start(routes, { logLevel: 'trace' });
    const answer = await app.inject(request);
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    expect(answer.body + JSON.stringify(answer.headers)).not.toContain(planted);
    expect(JSON.stringify(logs)).not.toContain(planted);
  });

  test('and the field that is wrong is still named where the API declares it', async () => {
    const { app } = await start(routes);
    expect((await app.inject({ ...patch, payload: '{"kind":"x"}' })).json().problems).toMatchObject([{ path: '/kind' }]);
    expect((await app.inject({ ...patch, payload: '{"tags":{"a":"x"}}' })).json().problems).toMatchObject([{ path: '/tags/*' }]);
    expect((await app.inject({ ...patch, payload: '{"x":1,"y":2}' })).json().problems).toEqual([
      { path: '', message: 'holds 2 fields that are not known here; the API document lists the known ones' },
    ]);
  });
});
