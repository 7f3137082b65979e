import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type BareServer, type BareServerOptions, createBareServer } from '../../../test/harness/bare-server.ts';
import { currentRequest } from '../../telemetry/request-context.ts';
import { AppError } from '../../errors.ts';
import type { Reader } from '../../api/reader.ts';
import { defineRoute, type Route } from './route.ts';

const common = {
  tags: ['test'],
  method: 'GET',
  rateLimit: 'read',
  statementsMax: 1,
  degradation: 'full',
  summary: 'A test route',
} as const;
const userReader: Reader = { userId: '7', sessionId: 's', role: 'user' };

function routeFor(access: Route['access'], extra: Partial<Route> = {}): Route {
  return {
    ...defineRoute({
      ...common,
      url: `/api/${access}`,
      operationId: access,
      access,
      schema: { response: { 200: z.object({ userId: z.string().nullable() }) } },
      handler: async ({ raw }) => ({ userId: raw.reader?.userId ?? null }),
    }),
    ...extra,
  };
}

let server: BareServer | undefined;
async function start(routes: readonly Route[], options: BareServerOptions = {}): Promise<BareServer> {
  server = await createBareServer(routes, options);
  return server;
}
afterEach(async () => {
  await server?.app.close();
  server = undefined;
});

const signedIn = { headers: { authorization: 'Bearer x' } };
const as = (reader: Reader | null) => ({ authenticate: async () => reader });

describe('a declaration that is incomplete keeps the server from starting', () => {
  test.each<[string, Partial<Route>]>([
    ['who may call it', { access: undefined as never }],
    ['who may call it', { access: 'anyone' as never }],
    ['rate limit', { rateLimit: 'none' as never }],
    ['statement budget', { statementsMax: undefined as never }],
    ['operationId', { operationId: 'get-it' }],
    ['no response', { schema: { response: {} } }],
    ['not in the catalogue', { errors: ['no.such_code' as never] }],
    ['what a repetition does', { method: 'POST', schema: { response: { 201: z.object({}) } } }],
    ['no POST that answers 201', { method: 'POST', idempotent: true }],
    ['no POST that answers 201', { method: 'PUT', idempotent: true, schema: { response: { 201: z.object({}) } } }],
  ])('%s', async (message, change) => {
    await expect(createBareServer([routeFor('public', change)])).rejects.toThrow(message);
  });

  test('two routes of one name', async () => {
    await expect(createBareServer([routeFor('public'), routeFor('user', { operationId: 'public' })])).rejects.toThrow(
      'shares the operationId',
    );
  });
});

describe('access', () => {
  const routes = [routeFor('public'), routeFor('user'), routeFor('admin'), routeFor('operations')];

  test.each<[string, Reader | null, Record<string, number>]>([
    ['anonymous', null, { public: 200, user: 401, admin: 401, operations: 200 }],
    ['a user', userReader, { public: 200, user: 200, admin: 403, operations: 200 }],
    ['an admin', { ...userReader, role: 'admin' }, { public: 200, user: 200, admin: 200, operations: 200 }],
  ])('of %s is decided by the declaration', async (_who, reader, expected) => {
    const { app } = await start(routes, as(reader));
    for (const [access, status] of Object.entries(expected)) {
      expect((await app.inject({ url: `/api/${access}`, ...signedIn })).statusCode, access).toBe(status);
    }
  });

  test('without credentials nobody is looked up', async () => {
    let asked = 0;
    const { app } = await start(routes, {
      authenticate: async () => {
        asked += 1;
        return userReader;
      },
    });
    expect((await app.inject('/api/public')).json()).toEqual({ userId: null });
    expect((await app.inject('/api/user')).headers['www-authenticate']).toBe('Bearer');
    expect(asked).toBe(0);
    expect((await app.inject({ url: '/api/public', ...signedIn })).json()).toEqual({ userId: '7' });
    expect(asked).toBe(1);
  });

  test('wrong credentials are refused on public routes too', async () => {
    const { app } = await start(routes, { authenticate: () => Promise.reject(new AppError('auth.token_invalid')) });
    expect((await app.inject({ url: '/api/public', ...signedIn })).json()).toMatchObject({ code: 'auth.token_invalid' });
  });
});

describe('a route that creates', () => {
  const answer = z.object({ id: z.string() });
  const creating = (handler: Route['handler']): Route =>
    routeFor('public', { method: 'POST', idempotent: true, schema: { response: { 201: answer } }, handler });
  const idempotency: BareServerOptions['idempotency'] = {
    run: async (_request, reply, status, work) => {
      reply.code(status).type('application/json');
      return JSON.stringify(await work(undefined as never));
    },
  };

  test('creates with once, in its success status', async () => {
    const { app } = await start([creating(({ once }) => once(async () => ({ id: '7' })))], { idempotency });
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/api/public' });
    expect([statusCode, body]).toEqual([201, '{"id":"7"}']);
  });

  test.each<[string, Route['handler']]>([
    ['without once', async () => ({ id: '7' })],
    ['with something else than once gave', async ({ once }) => once(async () => ({ id: '7' })).then(() => '{"id":"8"}')],
  ])('is a fault of the server when it answers %s', async (_how, handler) => {
    const { app, logs } = await start([creating(handler)], { idempotency });
    expect((await app.inject({ method: 'POST', url: '/api/public' })).statusCode).toBe(500);
    expect(JSON.stringify(logs)).toContain('answered without once');
  });

  test('may say that a repetition does no harm, and creates without once', async () => {
    const harmless = routeFor('public', {
      method: 'POST',
      idempotent: false,
      schema: { response: { 201: answer } },
      handler: async () => ({ id: '7' }),
    });
    const { app } = await start([harmless]);
    expect((await app.inject({ method: 'POST', url: '/api/public' })).statusCode).toBe(201);
  });
});

describe('limits', () => {
  test('are counted per user where known, else per address, and answer 429 with Retry-After', async () => {
    const { app, metrics } = await start([routeFor('public', { rateLimit: 'post' })], {
      authenticate: async ({ authorization }) => ({ ...userReader, userId: String(authorization) }),
    });
    const call = (user: string) => app.inject({ url: '/api/public', headers: { authorization: `Bearer ${user}` } });
    const first = await call('1');
    expect([first.statusCode, first.headers['ratelimit-limit']]).toEqual([200, '30']);
    for (let count = 1; count < 30; count += 1) await call('1');
    const refused = await call('1');
    expect(refused.json()).toMatchObject({ code: 'request.rate_limited' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await call('2')).statusCode).toBe(200);
    expect(await metrics.scrape()).toContain('sanctum_http_requests_limited_total{limit="post"} 1');
  });

  test('an overloaded process answers 503 at once, but its probes go on', async () => {
    const { app, metrics } = await start([routeFor('public'), routeFor('operations')], { overload: () => 'event-loop' });
    const shed = await app.inject('/api/public');
    expect([shed.statusCode, shed.headers['retry-after'], shed.json<{ code: string }>().code]).toEqual([503, '1', 'server.busy']);
    expect((await app.inject('/api/operations')).statusCode).toBe(200);
    expect(await metrics.scrape()).toContain('sanctum_http_requests_shed_total{reason="event-loop"} 1');
  });

  test('statements above the budget are counted, logged and reported', async () => {
    const greedy = routeFor('public', {
      handler: async () => {
        const request = currentRequest();
        if (request !== undefined) request.statements += 2;
        return { userId: null };
      },
    });
    const { app, overBudget, logs } = await start([greedy]);
    await app.inject('/api/public');
    expect(overBudget).toEqual(['/api/public 2/1']);
    expect(logs.some((line) => line['message'] === 'statement budget exceeded')).toBe(true);
  });
});

describe('a request', () => {
  test('keeps a harmless X-Request-Id and replaces a harmful one', async () => {
    const { app } = await start([routeFor('public')]);
    const idFor = async (id: string) => (await app.inject({ url: '/api/public', headers: { 'x-request-id': id } })).headers['x-request-id'];
    expect(await idFor('abc-12345')).toBe('abc-12345');
    for (const bad of ['short', 'x'.repeat(200), 'a b c d e f g', '{"$ne":"12345678"}']) expect(await idFor(bad)).toMatch(/^[0-9a-f]{32}$/);
  });

  test('is logged once, with everything that finds it again and nothing secret', async () => {
    const { app, logs } = await start([routeFor('user')], as(userReader));
    await app.inject({
      url: '/api/user?token=planted-secret',
      headers: {
        authorization: 'Bearer planted-secret',
        cookie: 'sanctum_access=planted-secret',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      },
    });
    expect(logs).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        request_id: expect.any(String),
        trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
        user_id: '7',
        method: 'GET',
        route: '/api/user',
        status: 200,
        latency_ms: expect.any(Number),
        statements: 0,
        message: 'request',
      },
    ]);
    expect(JSON.stringify(logs)).not.toContain('planted');
  });

  test('is counted by route pattern, method and status class', async () => {
    const { app, metrics } = await start([routeFor('public'), routeFor('user')]);
    await app.inject('/api/public');
    await app.inject('/api/user');
    await app.inject('/api/no/such/path/12345');
    const page = await metrics.scrape();
    expect(page).toContain('sanctum_http_request_duration_seconds_count{route="/api/public",method="GET",status="2xx"} 1');
    expect(page).toContain('sanctum_http_request_duration_seconds_count{route="/api/user",method="GET",status="4xx"} 1');
    expect(page).toContain('sanctum_http_request_errors_total{route="/api/user",code="auth.required"} 1');
    expect(page).toContain('route="(unknown)"');
    expect(page).not.toContain('12345');
    expect(page).toContain('sanctum_http_requests_in_flight 0');
  });

  test('answers with the declared success status', async () => {
    const created = routeFor('public', { schema: { response: { 201: z.object({ userId: z.null() }) } } });
    const gone = routeFor('user', { access: 'public', schema: { response: { 204: z.undefined() } }, handler: async () => undefined });
    const { app } = await start([created, gone]);
    expect((await app.inject('/api/public')).statusCode).toBe(201);
    const empty = await app.inject('/api/user');
    expect([empty.statusCode, empty.body]).toEqual([204, '']);
  });
});
