/** Names and addresses that a client makes up: the Host, what a proxy is said to have forwarded, and who may look inside. */
import { afterEach, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/harness/test-app.ts';
import { sendRaw } from '../../../test/harness/raw-http.ts';

const token = 'Zt8qLr2vZt8qLr2vYw5nKc1mYw5nKc1m';
const production = { SANCTUM_PROFILE: 'production', PUBLIC_ORIGIN: 'https://sanctum.example', ALLOWED_HOSTS: 'www.sanctum.example' };

let host: TestApp | undefined;
afterEach(async () => {
  await host?.close();
  host = undefined;
});

/** The database of a test has a well-known address: production refuses its password, so only these settings are of production. */
async function start(environment: Readonly<Record<string, string>>): Promise<TestApp> {
  host = await createTestApp({ environment });
  return host;
}

describe('in production', () => {
  test.each([
    'evil.example',
    'evil.example:443',
    'sanctum.example.evil.example',
    'sanctum.example@evil.example',
    'evil.example/sanctum.example',
    '127.0.0.1',
    'localhost',
    'xsanctum.example',
    '',
  ])('the host "%s" is refused, on every kind of path', async (name) => {
    const { app } = await start(production);
    for (const url of ['/api/feeds/popular', '/api/openapi.json', '/', '/assets/x.js', '/api/nothing']) {
      const answer = await app.inject({ url, headers: { host: name } });
      expect([answer.statusCode, answer.json().code]).toEqual([421, 'request.host_unknown']);
      expect(answer.body).not.toContain('evil');
    }
  });

  test.each(['sanctum.example', 'SANCTUM.example', 'sanctum.example:443', 'sanctum.example.', 'www.sanctum.example:8443'])(
    'the host "%s" is answered',
    async (name) => {
      const { app } = await start(production);
      expect((await app.inject({ url: '/api/feeds/popular', headers: { host: name } })).statusCode).toBe(200);
    },
  );

  test('a target in absolute form has to name it as well, and X-Forwarded-Host changes nothing', async () => {
    const { app } = await start({ ...production, TRUST_PROXY: '127.0.0.1' });
    const port = Number(new URL(await (host as TestApp).listen()).port);
    const ask = async (line: string, name: string, more = '') =>
      (await sendRaw(port, `GET ${line} HTTP/1.1\r\nhost: ${name}\r\n${more}connection: close\r\n\r\n`)).status;
    expect(await ask('http://evil.example/api/feeds/popular', 'sanctum.example')).toBe(421);
    expect(await ask('http://sanctum.example/api/feeds/popular', 'sanctum.example')).toBe(200);
    expect(await ask('/api/feeds/popular', 'evil.example', 'x-forwarded-host: sanctum.example\r\n')).toBe(421);
    expect(await ask('/api/feeds/popular', 'sanctum.example', 'x-forwarded-host: evil.example\r\n')).toBe(200);
    expect(app.server.listening).toBe(true);
  });

  test('load balancers and collectors ask by address', async () => {
    const { app } = await start({ ...production, OPERATIONS_TOKEN: token });
    const headers = { host: '10.1.2.3:8375', authorization: `Bearer ${token}` };
    for (const url of ['/health', '/ready', '/metrics']) expect((await app.inject({ url, headers })).statusCode).toBe(200);
  });

  test('no other path is a way around it: not by letters, slashes or a query', async () => {
    const { app } = await start(production);
    for (const url of ['/health/', '/Ready', '//ready', '/?/health', '/%68ealth/x'])
      expect((await app.inject({ url, headers: { host: 'evil.example' } })).statusCode, url).toBe(421);
  });
});

describe('the own origin', () => {
  const change = (origin: string, more: Readonly<Record<string, string>> = {}) =>
    ({
      method: 'POST',
      url: '/api/auth/refresh',
      headers: { host: 'sanctum.example', origin, 'content-type': 'application/json', ...more },
      payload: {},
    }) as const;
  const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };

  test.each([{ TRUST_PROXY: '127.0.0.1' }, { TRUST_PROXY: '' }, { TRUST_PROXY: '127.0.0.1', PUBLIC_ORIGIN: 'https://sanctum.example' }])(
    'is never what X-Forwarded-Host says: %o',
    async (environment) => {
      const { app } = await start(environment);
      expect((await app.inject(change('https://evil.example', forwarded))).json().code).toBe('request.cross_site');
      expect((await app.inject(change('http://evil.example', forwarded))).json().code).toBe('request.cross_site');
    },
  );

  test('is PUBLIC_ORIGIN where that is set, whatever Host a request names', async () => {
    const { app } = await start({ PUBLIC_ORIGIN: 'https://sanctum.example', ALLOWED_HOSTS: 'other.example' });
    expect((await app.inject(change('https://sanctum.example'))).json().code).not.toBe('request.cross_site');
    expect((await app.inject(change('http://other.example', { host: 'other.example' }))).json().code).toBe('request.cross_site');
  });

  test('is the scheme that a trusted proxy says and the Host that it passes on', async () => {
    const { app } = await start({ TRUST_PROXY: '127.0.0.1' });
    expect((await app.inject(change('https://sanctum.example', { 'x-forwarded-proto': 'https' }))).json().code).not.toBe(
      'request.cross_site',
    );
    expect((await app.inject(change('https://sanctum.example'))).json().code).toBe('request.cross_site');
  });
});

describe('X-Forwarded-For', () => {
  async function remaining(app: TestApp['app'], forwardedFor: string | undefined): Promise<number> {
    const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
    return Number((await app.inject({ url: '/health', headers })).headers['ratelimit-remaining']);
  }

  test('of a stranger is not believed', async () => {
    const { app } = await start({ TRUST_PROXY: '10.9.9.9' });
    const first = await remaining(app, '203.0.113.1');
    expect(await remaining(app, '203.0.113.2')).toBe(first - 1);
  });

  test('of a trusted proxy is, as far as trusted proxies wrote it', async () => {
    const { app } = await start({ TRUST_PROXY: '127.0.0.1,10.0.0.0/8' });
    const first = await remaining(app, '203.0.113.1');
    expect(await remaining(app, '203.0.113.2')).toBe(first);
    // What the client wrote before the proxy added its address is not looked at.
    expect(await remaining(app, '198.51.100.9, 203.0.113.1')).toBe(first - 1);
    expect(await remaining(app, '198.51.100.8, 203.0.113.1, 10.1.1.1')).toBe(first - 2);
    expect(await remaining(app, '::ffff:cb00:7101')).toBe(first - 3);
    expect(await remaining(app, '203.0.113.1:5555')).toBe(first - 4);
  });
});

describe('what is for operators', () => {
  const look = async (app: TestApp['app'], headers: Readonly<Record<string, string>> = {}) => {
    const [metrics, ready] = [await app.inject({ url: '/metrics', headers }), await app.inject({ url: '/ready', headers })];
    return { metrics: metrics.statusCode, ready: ready.statusCode, body: ready.json(), text: metrics.body };
  };

  test.each(['production', 'staging'])('is closed in %s without a token, and the status of readiness is not', async (profile) => {
    const { app } = await start({ ...production, SANCTUM_PROFILE: profile });
    const { metrics, ready, body, text } = await look(app);
    expect([metrics, ready]).toEqual([401, 200]);
    expect(body).toEqual({ status: 'ready' });
    expect(JSON.parse(text)).toMatchObject({ code: 'operations.token_required' });
    expect((await look(app, { authorization: 'Bearer undefined' })).metrics).toBe(401);
    expect((await look(app, { authorization: 'Bearer ' })).metrics).toBe(401);
  });

  test('is open with the token, and with nothing like it', async () => {
    const { app } = await start({ ...production, OPERATIONS_TOKEN: token });
    const open = await look(app, { authorization: `Bearer ${token}` });
    expect([open.metrics, open.ready, Object.keys(open.body.parts)]).toEqual([200, 200, ['database', 'migrations', 'store', 'lifecycle']]);
    expect(open.text).toContain('sanctum_ready 1');
    const wrong = [token, `Bearer ${token}x`, `Bearer ${token.slice(1)}`, `Basic ${token}`, `Bearer ${token.toLowerCase()}`];
    for (const authorization of wrong) expect((await look(app, { authorization })).metrics, authorization).toBe(401);
  });

  test('is open in development, unless a token is set', async () => {
    const { app } = await start({});
    expect((await look(app)).metrics).toBe(200);
    await host?.close();
    const closed = await start({ OPERATIONS_TOKEN: token });
    expect(await look(closed.app)).toMatchObject({ metrics: 401, ready: 200, body: { status: 'ready' } });
  });

  test('an instance that is not ready says so to everybody, and why only to operators', async () => {
    host = await createTestApp({ environment: { OPERATIONS_TOKEN: token }, isShuttingDown: () => true });
    expect(await look(host.app)).toMatchObject({ ready: 503, body: { status: 'not_ready' } });
    expect((await look(host.app)).body.parts).toBeUndefined();
    expect((await look(host.app, { authorization: `Bearer ${token}` })).body.parts.lifecycle.detail).toBe('shutting down');
  });
});
