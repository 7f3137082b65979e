/** Requests that once reached the database, or an encoder, in a form it refuses. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type SignedUpUser, type TestApp } from './harness/test-app.ts';

let host: TestApp;
let author: SignedUpUser;

beforeAll(async () => {
  host = await createTestApp();
  author = await host.signUp();
  const founded = await host.app.inject({
    method: 'POST',
    url: '/api/sanctums',
    headers: author.headers,
    payload: { name: 'place', title: 'A place' },
  });
  expect(founded.statusCode).toBe(201);
});
afterAll(() => host.close());

async function link(url: string) {
  const payload = { kind: 'link', title: 'A link', url };
  return host.app.inject({ method: 'POST', url: '/api/sanctums/place/posts', headers: author.headers, payload });
}

test.each(['https://example.org/\0', 'https://example.org/\ud800'])('a link post refuses the address %j', async (url) => {
  const answer = await link(url);
  expect([answer.statusCode, answer.json().code, answer.json().problems?.[0]?.path]).toEqual([400, 'request.invalid', '/url']);
});

test('a link post keeps an address as it was written', async () => {
  const answer = await link('https://example.org/a?b=ü#c');
  expect([answer.statusCode, answer.json().url]).toEqual([201, 'https://example.org/a?b=ü#c']);
});

test('half a surrogate pair is no text: signing in, writing and searching refuse it', async () => {
  const half = '\ud83d';
  const post = { method: 'POST', headers: { ...author.headers, 'content-type': 'application/json' } } as const;
  const answers = await Promise.all([
    host.app.inject({ ...post, url: '/api/auth/sign-in', payload: JSON.stringify({ name: half, password: 'x', credentials: 'token' }) }),
    host.app.inject({ ...post, url: '/api/sanctums/place/posts', payload: JSON.stringify({ kind: 'text', title: half }) }),
    host.app.inject({ ...post, url: '/api/sanctums/place/posts', payload: JSON.stringify({ kind: 'text', title: 'T', body: half }) }),
  ]);
  expect(answers.map((answer) => [answer.statusCode, answer.json().code])).toEqual(answers.map(() => [400, 'request.invalid']));
});

test('no answer of the API may be kept by a cache on the way', async () => {
  for (const url of ['/api/me', '/api/feeds/home', '/api/sessions', '/api/feeds/popular', '/api/sanctums/place'])
    expect((await host.app.inject({ url, headers: author.headers })).headers['cache-control'], url).toBe('no-store');
});

test('every route that is read by GET answers HEAD with the same headers and no body', async () => {
  const head = await host.app.inject({ method: 'HEAD', url: '/api/feeds/popular' });
  const get = await host.app.inject({ method: 'GET', url: '/api/feeds/popular' });
  expect([head.statusCode, head.body, head.headers['content-type']]).toEqual([200, '', get.headers['content-type']]);
});

test('an account that has gone is signed in no longer, also where a row would point at it', async () => {
  const gone = await host.signUp();
  const post = await host.app.inject({
    method: 'POST',
    url: '/api/sanctums/place/posts',
    headers: author.headers,
    payload: { kind: 'text', title: 'A post' },
  });
  expect(post.statusCode).toBe(201);
  await host.client.query('delete from users where id = $1', [gone.user.id]);
  const send = (method: 'POST' | 'PUT', url: string, payload?: object) =>
    host.app.inject({ method, url, headers: gone.headers, ...(payload === undefined ? {} : { payload }) });
  const answers = [
    await send('POST', '/api/sanctums', { name: 'ghost_town', title: 'Ghosts' }),
    await send('PUT', '/api/sanctums/place/membership'),
    await send('PUT', `/api/posts/${post.json().id}/like`),
    await send('POST', `/api/posts/${post.json().id}/comments`, { body: 'Boo' }),
  ];
  expect(answers.map((answer) => answer.json().code)).toEqual(answers.map(() => 'auth.required'));
});

test('a sanctum that becomes private leaves the shared pages at once', async () => {
  const titles = async () =>
    (await host.app.inject('/api/feeds/popular?sort=new&limit=7')).json().items.map(({ title }: { title: string }) => title);
  const founded = { name: 'hideout', title: 'A hideout' };
  await host.app.inject({ method: 'POST', url: '/api/sanctums', headers: author.headers, payload: founded });
  const payload = { kind: 'text', title: 'Soon hidden' };
  await host.app.inject({ method: 'POST', url: '/api/sanctums/hideout/posts', headers: author.headers, payload });
  expect(await titles()).toContain('Soon hidden');
  const hide = { method: 'PATCH', url: '/api/sanctums/hideout', headers: author.headers, payload: { visibility: 'private' } } as const;
  expect((await host.app.inject(hide)).statusCode).toBe(200);
  expect(await titles()).not.toContain('Soon hidden');
});
