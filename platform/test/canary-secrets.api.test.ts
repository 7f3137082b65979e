/** OBS-02: what a client sends as a secret never reaches a log line, whatever the route, whatever goes wrong. */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { InjectOptions } from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import type { Route } from '../src/http/routes/route.ts';
import { createTestApp, type TestApp, type TestAppOptions } from './harness/test-app.ts';
import { waitUntil } from './harness/wait-until.ts';

let host: TestApp | undefined;
afterEach(async () => {
  await host?.close();
  host = undefined;
});

async function start(options: TestAppOptions = {}): Promise<TestApp> {
  host = await createTestApp({ ...options, environment: { LOG_LEVEL: 'trace', RATE_LIMIT_FACTOR: '100000', ...options.environment } });
  return host;
}

/** Letters and digits only, so that no encoding hides it. */
function newCanary(): string {
  return `CANARY${randomBytes(12).toString('hex')}`;
}

function linesWith(app: TestApp, canary: string): string[] {
  return app.logs.map((line) => JSON.stringify(line)).filter((line) => line.includes(canary));
}

/** The secret in every place of a request that is not its path. */
function withSecrets(route: Route, canary: string, authorization: string): InjectOptions {
  const path = route.url.replaceAll(/:(\w+)/g, (_match, name: string) => (name.endsWith('Id') ? '1' : 'somebody'));
  const secret = `${canary}.${canary}.${canary}`;
  const body = {
    username: `u_${canary}`.slice(0, 30),
    email: `${canary}@example.org`,
    name: canary,
    title: canary,
    body: canary,
    password: canary,
    currentPassword: canary,
    newPassword: canary,
    refreshToken: secret,
    credentials: 'token',
    [canary]: canary,
  };
  return {
    method: route.method,
    url: `${path}?q=${canary}&token=${canary}&cursor=${canary}`,
    headers: {
      authorization: authorization === '' ? `Bearer ${secret}` : authorization,
      cookie: `sanctum_access=${secret}; sanctum_refresh=${secret}; other=${canary}`,
      'idempotency-key': canary,
      'x-api-key': canary,
      'user-agent': canary,
      referer: `https://example.org/?token=${canary}`,
      // Too long to be taken over as a request id.
      'x-request-id': `${canary}`.padEnd(129, 'x'),
      ...(route.schema.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(route.schema.body === undefined ? {} : { payload: JSON.stringify(body) }),
  };
}

describe('a secret in a request', () => {
  test('is in no log line of any route, signed in or not', async () => {
    const app = await start();
    const canary = newCanary();
    for (const authorization of ['', 'Basic', 'signed-in']) {
      for (const route of app.app.routes) {
        // Anew for each: some routes end the session they are called with.
        const header = authorization === 'signed-in' ? (await app.signUp()).headers.authorization : authorization;
        const answer = await app.app.inject(withSecrets(route, canary, header === 'Basic' ? `Basic ${canary}` : header));
        expect(answer.statusCode, answer.body).toBeLessThan(500);
      }
    }
    const requests = app.logs.filter((line) => line['message'] === 'request');
    expect(requests.length).toBeGreaterThan(3 * 40);
    expect(new Set(requests.map((line) => line['status'])).size).toBeGreaterThan(4);
    expect(linesWith(app, canary)).toEqual([]);
  });

  test('is in no log line while every statement fails', async () => {
    const app = await start();
    const person = await app.signUp();
    const canary = newCanary();
    await app.client.query('alter schema public rename to away');
    for (const route of app.app.routes.filter(({ access }) => access !== 'operations'))
      await app.app.inject(withSecrets(route, canary, person.headers.authorization));
    expect(app.logs.filter((line) => line['level'] === 'error').length).toBeGreaterThan(3);
    expect(linesWith(app, canary)).toEqual([]);
  });

  test('is in no log line when the database names the row that it refuses', async () => {
    const app = await start();
    const person = await app.signUp();
    await app.client.query(`alter table users add constraint planted check (bio = '')`);
    const canary = newCanary();
    const answer = await app.app.inject({ method: 'PATCH', url: '/api/me', headers: person.headers, payload: { bio: canary } });
    expect(answer.statusCode).toBe(500);
    expect(app.logs.filter((line) => JSON.stringify(line).includes('planted')).length).toBeGreaterThan(0);
    expect(linesWith(app, canary)).toEqual([]);
    expect(linesWith(app, '$argon2id$')).toEqual([]);
  });

  test('is noticed when a line has it', async () => {
    const app = await start();
    const canary = newCanary();
    app.app.log.warn({ note: canary }, 'planted');
    expect(linesWith(app, canary)).toHaveLength(1);
  });
});

test('a client that leaves while it sends is no failure of the database', async () => {
  const app = await start();
  const { port } = new URL(await app.listen());
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('POST /api/auth/sign-in HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"name":');
  await waitUntil('the request arrived', async () => (await app.metrics.scrape()).includes('sanctum_http_requests_in_flight 1'));
  socket.destroy();
  const connections = () => new Promise<number>((resolve) => app.app.server.getConnections((_error, count) => resolve(count)));
  await waitUntil('the server noticed', async () => (await connections()) === 0);
  expect(app.logs.filter((line) => line['level'] === 'error')).toEqual([]);
});
