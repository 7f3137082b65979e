import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type BareServer, createBareServer } from '../../../test/harness/bare-server.ts';
import { sendRaw, talkRaw } from '../../../test/harness/raw-http.ts';
import { AppError, errorCatalogue } from '../../errors.ts';
import { defineRoute, type RouteDeclaration, type RouteSchema } from '../routes/route.ts';

const common = {
  tags: ['test'],
  access: 'public',
  rateLimit: 'operations',
  statementsMax: 0,
  degradation: 'full',
  summary: 'A test route',
} as const;
const answer = z.object({ got: z.unknown() });

function echo(extra: Partial<RouteDeclaration<RouteSchema>> = {}) {
  return defineRoute({
    ...common,
    method: 'POST',
    url: '/api/echo',
    operationId: 'echo',
    schema: { body: z.unknown(), response: { 200: answer } },
    handler: async ({ body }) => ({ got: body }),
    ...extra,
  });
}

const broken = defineRoute({
  ...common,
  method: 'GET',
  url: '/api/broken/:how',
  operationId: 'broken',
  schema: {
    params: z.object({ how: z.enum(['throw', 'shape', 'app', 'slow', 'extra']) }),
    response: { 200: z.object({ id: z.string() }) },
  },
  handler: async ({ params }) => {
    if (params.how === 'throw') throw new Error('planted secret detail of the inside');
    if (params.how === 'app') throw new AppError('server.busy', { retryAfterSeconds: 2.4 });
    if (params.how === 'slow') await wait(2000, undefined, { ref: false });
    return params.how === 'shape' ? { id: 7 } : { id: 'fine', password: 'planted' };
  },
});

let server: BareServer | undefined;
async function start(...parameters: Parameters<typeof createBareServer>): Promise<BareServer> {
  server = await createBareServer(...parameters);
  return server;
}
afterEach(async () => {
  await server?.app.close();
  server = undefined;
});

function post(app: BareServer['app'], payload: string | Buffer, contentType = 'application/json') {
  return app.inject({ method: 'POST', url: '/api/echo', payload, headers: { 'content-type': contentType } });
}

describe('bodies', () => {
  test('that are JSON arrive', async () => {
    const { app } = await start([echo()]);
    expect((await post(app, '{"a":[1,{"b":"ä"}]}')).json()).toEqual({ got: { a: [1, { b: 'ä' }] } });
  });

  test.each<[string, string | Buffer, string, number, string]>([
    ['broken JSON', '{"a":', 'application/json', 400, 'request.malformed_json'],
    ['text after JSON', '{} {}', 'application/json', 400, 'request.malformed_json'],
    ['invalid UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'application/json', 400, 'request.malformed_json'],
    ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`, 'application/json', 400, 'request.too_deep'],
    ['a prototype key', '{"__proto__":{"admin":true}}', 'application/json', 400, 'request.malformed_json'],
    ['a constructor key', '{"constructor":{"prototype":{"admin":true}}}', 'application/json', 400, 'request.malformed_json'],
    ['a form', 'a=1', 'application/x-www-form-urlencoded', 415, 'request.unsupported_media_type'],
    ['plain text', 'hello', 'text/plain', 415, 'request.unsupported_media_type'],
    ['a multipart upload', '--x--', 'multipart/form-data; boundary=x', 415, 'request.unsupported_media_type'],
    ['more than the limit', `"${'x'.repeat(70_000)}"`, 'application/json', 413, 'request.body_too_large'],
  ])('of %s are refused as problem+json', async (_what, payload, contentType, status, code) => {
    const { app } = await start([echo()]);
    const response = await post(app, payload, contentType);
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({
      code,
      status,
      detail: errorCatalogue[code as keyof typeof errorCatalogue].fix,
      requestId: response.headers['x-request-id'],
    });
  });

  test('of exactly 32 levels are accepted', async () => {
    const { app } = await start([echo()]);
    expect((await post(app, `${'['.repeat(32)}${']'.repeat(32)}`)).statusCode).toBe(200);
  });

  test('may be smaller for one route', async () => {
    const { app } = await start([echo({ bodyLimitBytes: 1024 })]);
    expect((await post(app, `"${'x'.repeat(2000)}"`)).statusCode).toBe(413);
  });

  test('of 100 MB are refused from their header, without being read', async () => {
    const bare = await start([echo()]);
    const port = await bare.listen();
    const before = process.memoryUsage().rss;
    const reply = await sendRaw(
      port,
      `POST /api/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 104857600\r\nconnection: close\r\n\r\n"${'x'.repeat(100_000)}`,
    );
    expect(reply.status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
  });

  test('in endless chunks are cut off at the limit', async () => {
    const bare = await start([echo()]);
    const port = await bare.listen();
    let written = 0;
    const reply = await talkRaw(port, (socket) => {
      socket.write(
        'POST /api/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n',
      );
      const chunk = `2000\r\n${' '.repeat(0x2000)}\r\n`;
      const pump = () => {
        while (written < 100 * 1024 * 1024 && !socket.destroyed && socket.writable) {
          written += chunk.length;
          if (!socket.write(chunk)) return void socket.once('drain', pump);
        }
      };
      pump();
    });
    expect(reply.status).toBe(413);
    expect(written).toBeLessThan(20 * 1024 * 1024);
  });
});

describe('slow and broken clients', () => {
  test('a body that trickles in is given up with 408', async () => {
    const bare = await start([echo()], { config: { requestTimeoutMs: 300, headersTimeoutMs: 300 } });
    const port = await bare.listen();
    const reply = await sendRaw(
      port,
      'POST /api/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{"a"',
    );
    expect(reply.status).toBe(408);
    expect(reply.text).toContain('request.timeout');
  });

  test('headers that never end are given up with 408', async () => {
    const bare = await start([echo()], { config: { requestTimeoutMs: 300, headersTimeoutMs: 300 } });
    const port = await bare.listen();
    expect((await sendRaw(port, 'GET /api/echo HTTP/1.1\r\nhost: x\r\nx-a: ')).status).toBe(408);
  });

  test('a flood of header bytes gets 431', async () => {
    const bare = await start([echo()]);
    const port = await bare.listen();
    const reply = await sendRaw(
      port,
      `GET /api/echo HTTP/1.1\r\nhost: x\r\n${'x-flood: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n'.repeat(2000)}\r\n`,
    );
    expect(reply.status).toBe(431);
    expect(reply.text).toContain('request.headers_too_large');
  });

  test('what is not HTTP gets 400', async () => {
    const bare = await start([echo()]);
    const port = await bare.listen();
    const reply = await sendRaw(port, 'EHLO example.org\r\n\r\n');
    expect(reply.status).toBe(400);
    expect(reply.text).toContain('request.malformed_http');
  });

  test('a handler that takes too long is answered with 503', async () => {
    const { app } = await start([broken], { config: { handlerTimeoutMs: 100 } });
    const response = await app.inject('/api/broken/slow');
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([503, 'server.timeout']);
  });

  test('every timeout of the server is set', async () => {
    const { app } = await start([echo()]);
    expect(app.server).toMatchObject({
      requestTimeout: 30_000,
      headersTimeout: 15_000,
      keepAliveTimeout: 72_000,
      maxHeadersCount: 100,
    });
  });
});

describe('errors', () => {
  test('of ours carry their code, status and Retry-After', async () => {
    const { app } = await start([broken]);
    const response = await app.inject('/api/broken/app');
    expect([response.statusCode, response.headers['retry-after'], response.json<{ code: string }>().code]).toEqual([
      503,
      '3',
      'server.busy',
    ]);
  });

  test('from inside become server.internal without a trace of what they are, and are logged with their stack', async () => {
    const { app, logs } = await start([broken]);
    const response = await app.inject('/api/broken/throw');
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('planted');
    const line = logs.find((entry) => entry['level'] === 'error');
    expect(line).toMatchObject({
      request_id: response.headers['x-request-id'],
      route: '/api/broken/:how',
      error: { message: 'planted secret detail of the inside', stack: expect.stringContaining('server.test.ts') },
    });
  });

  test('an answer that is not the declared one is an error of ours', async () => {
    const { app, logs } = await start([broken]);
    expect((await app.inject('/api/broken/shape')).json()).toMatchObject({ code: 'server.internal' });
    expect(JSON.stringify(logs)).toContain('/id');
  });

  test('fields that are not declared do not leave', async () => {
    const { app } = await start([broken]);
    expect((await app.inject('/api/broken/extra')).json()).toEqual({ id: 'fine' });
  });

  test('of validation name the field', async () => {
    const body = z.object({ items: z.array(z.object({ title: z.string().min(1, 'is empty') })) });
    const { app } = await start([echo({ schema: { body, response: { 200: answer } } }), broken]);
    const response = await post(app, '{"items":[{"title":"a"},{"title":""}]}');
    expect(response.json()).toMatchObject({ code: 'request.invalid', problems: [{ path: '/items/1/title', message: 'is empty' }] });
    expect((await app.inject('/api/broken/nonsense')).json()).toMatchObject({ code: 'request.invalid', problems: [{ path: 'how' }] });
    expect((await app.inject({ method: 'POST', url: '/api/echo' })).json()).toMatchObject({ code: 'request.invalid' });
  });

  test.each(['/api/nothing', '/api/%zz', `/api/broken/${'x'.repeat(500)}`, '/api'])('%s is request.route_unknown', async (url) => {
    const { app } = await start([echo(), broken]);
    const response = await app.inject(url);
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([404, 'request.route_unknown']);
  });

  test('HEAD answers like GET, without a body', async () => {
    const { app } = await start([broken]);
    const response = await app.inject({ method: 'HEAD', url: '/api/broken/extra' });
    expect([response.statusCode, response.body, response.headers['content-length']]).toEqual([200, '', '13']);
  });
});
