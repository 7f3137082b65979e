import { beforeEach, expect, test } from 'vitest';
import { createFakeApi, json, problem, type FakeApi } from '../../test/fake-api.ts';
import { createKeyValueStore } from './key-value-store.ts';
import { createSessionHint, type SessionHint } from './session-hint.ts';
import { createTransport } from './transport.ts';

const origin = 'http://sanctum.test';
const signedIn = () => json({ user: {}, accessTokenExpiresAt: new Date(Date.now() + 900_000).toISOString() });

let api: FakeApi;
let hint: SessionHint;
let ended: string[];
let found: number;
let send: (request: Request) => Promise<Response>;

beforeEach(() => {
  api = createFakeApi();
  hint = createSessionHint({ store: createKeyValueStore(() => localStorage), now: Date.now });
  ended = [];
  found = 0;
  send = createTransport({
    fetch: api.fetch,
    hint,
    exclusive: (task) => task(),
    now: Date.now,
    origin,
    onSessionEnded: (request) => ended.push(request.url),
    onSessionFound: () => {
      found += 1;
    },
  });
});

const get = (path: string) => new Request(origin + path);
const post = (path: string) =>
  new Request(origin + path, { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } });
const routes = () => api.calls.map(({ route }) => route);
const inOneHour = () => hint.remember(new Date(Date.now() + 3_600_000).toISOString(), Date.now());

/** Refuses every request until the access was renewed once. */
function refuseUntilRenewed(route: string) {
  let renewed = false;
  api.on(route, () => (renewed ? json({ fine: true }) : problem(401, 'auth.token_invalid')));
  api.on('POST /api/auth/refresh', () => {
    renewed = true;
    return signedIn();
  });
}

test('several requests refused at once renew access once and are each sent again', async () => {
  inOneHour();
  refuseUntilRenewed('GET /api/feeds/home');
  const answers = await Promise.all([send(get('/api/feeds/home')), send(get('/api/feeds/home')), send(get('/api/feeds/home'))]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(routes().filter((route) => route === 'POST /api/auth/refresh')).toHaveLength(1);
  expect(ended).toEqual([]);
});

test('the body of a refused change is sent again unchanged', async () => {
  inOneHour();
  refuseUntilRenewed('POST /api/sanctums');
  await send(post('/api/sanctums'));
  const bodies = api.calls.filter(({ route }) => route === 'POST /api/sanctums').map(({ body }) => body);
  expect(bodies).toEqual([{ a: 1 }, { a: 1 }]);
});

test('a refused renewal ends the session without a loop', async () => {
  inOneHour();
  api.on('POST /api/sanctums', () => problem(401, 'auth.token_invalid'));
  api.on('POST /api/auth/refresh', () => problem(401, 'auth.refresh_invalid'));
  await expect(send(post('/api/sanctums'))).rejects.toMatchObject({ code: 'auth.token_invalid' });
  expect(routes()).toEqual(['POST /api/sanctums', 'POST /api/auth/refresh']);
  expect(ended).toHaveLength(1);
  expect(hint.renewAtMs()).toBeNull();
});

test('a request refused again after a renewal is not sent a third time', async () => {
  inOneHour();
  api.on('GET /api/me', () => problem(401, 'auth.token_invalid'));
  api.on('POST /api/auth/refresh', signedIn);
  await expect(send(get('/api/me'))).rejects.toMatchObject({ status: 401 });
  expect(routes()).toEqual(['GET /api/me', 'POST /api/auth/refresh', 'GET /api/me']);
});

test('a public page is read anonymously once the session has ended', async () => {
  inOneHour();
  api.on('GET /api/feeds/popular', ({ credentials }) =>
    credentials === 'omit' ? json({ fine: true }) : problem(401, 'auth.token_invalid'),
  );
  api.on('POST /api/auth/refresh', () => problem(401, 'auth.refresh_invalid'));
  expect((await send(get('/api/feeds/popular'))).status).toBe(200);
  expect(ended).toHaveLength(1);
});

test('access that is due is renewed before the request', async () => {
  hint.remember(new Date(Date.now() - 1000).toISOString(), Date.now());
  api.on('GET /api/me', () => json({ fine: true }));
  api.on('POST /api/auth/refresh', signedIn);
  await send(get('/api/me'));
  expect(routes()).toEqual(['POST /api/auth/refresh', 'GET /api/me']);
});

test('a wrong password is an answer, not a reason to renew', async () => {
  inOneHour();
  api.on('POST /api/me/password', () => problem(401, 'auth.credentials_wrong'));
  await expect(send(post('/api/me/password'))).rejects.toMatchObject({ code: 'auth.credentials_wrong' });
  expect(routes()).toEqual(['POST /api/me/password']);
});

test('an anonymous reader who needs to sign in is told so with one request', async () => {
  api.on('GET /api/me', () => problem(401, 'auth.required'));
  await expect(send(get('/api/me'))).rejects.toMatchObject({ code: 'auth.required' });
  expect(routes()).toEqual(['GET /api/me']);
});

test('good cookies that the page did not know of are found and used', async () => {
  refuseUntilRenewed('GET /api/feeds/popular');
  expect((await send(get('/api/feeds/popular'))).status).toBe(200);
  expect(found).toBe(1);
  expect(hint.renewAtMs()).not.toBeNull();
});

test('a renewal that could not be asked for keeps the session', async () => {
  inOneHour();
  api.on('GET /api/me', () => problem(401, 'auth.token_invalid'));
  api.on('POST /api/auth/refresh', () => problem(503, 'server.busy'));
  await expect(send(get('/api/me'))).rejects.toMatchObject({ code: 'server.busy' });
  expect(ended).toEqual([]);
  expect(hint.renewAtMs()).not.toBeNull();
});

test('a wrong local clock does not shorten a session', () => {
  const serverNowMs = Date.now() - 86_400_000;
  hint.remember(new Date(serverNowMs + 900_000).toISOString(), serverNowMs);
  expect(hint.renewAtMs()).toBeGreaterThan(Date.now() + 800_000);
});
