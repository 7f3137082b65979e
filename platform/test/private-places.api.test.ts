/** What is in a private sanctum answers a stranger exactly like what was never there: the same bytes, after the same statements. */
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type SignedUpUser, type TestApp } from './harness/test-app.ts';

const requestId = 'the-same-request';
const neverThere = '999999999999';

let host: TestApp;
let stranger: SignedUpUser;
let hidden: { readonly post: string; readonly comment: string };

beforeAll(async () => {
  host = await createTestApp({ environment: { LOG_LEVEL: 'info', RATE_LIMIT_FACTOR: '1000' } });
  stranger = await host.signUp();
  const owner = await host.signUp();
  const make = async (url: string, payload: object) => {
    const answer = await host.app.inject({ method: 'POST', url, headers: owner.headers, payload });
    if (answer.statusCode !== 201) throw new Error(`${url} answered ${answer.statusCode}: ${answer.body}`);
    return answer.json<{ id: string }>();
  };
  await make('/api/sanctums', { name: 'cellar', title: 'A cellar', visibility: 'private' });
  const post = (await make('/api/sanctums/cellar/posts', { kind: 'text', title: 'Hidden' })).id;
  const comment = (await make(`/api/posts/${post}/comments`, { body: 'Hidden as well' })).id;
  hidden = { post, comment };
  // Visible to its owner: else both sides of every comparison would be "not there".
  expect((await host.app.inject({ url: `/api/posts/${post}`, headers: owner.headers })).statusCode).toBe(200);
});
afterAll(() => host.close());

interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly statements: unknown;
}

async function ask(request: InjectOptions, headers: Readonly<Record<string, string>>): Promise<Seen> {
  const before = host.logs.length;
  const answer: LightMyRequestResponse = await host.app.inject({ ...request, headers: { ...headers, 'x-request-id': requestId } });
  const line = host.logs.slice(before).find((entry) => entry['request_id'] === requestId && entry['status'] === answer.statusCode);
  const { date: _date, 'ratelimit-remaining': _remaining, ...rest } = answer.headers;
  return { status: answer.statusCode, headers: rest, body: answer.body, statements: line?.['statements'] };
}

type Method = NonNullable<InjectOptions['method']>;

const ofPost: readonly [Method, (id: string) => string, object | undefined][] = [
  ['GET', (id) => `/api/posts/${id}`, undefined],
  ['HEAD', (id) => `/api/posts/${id}`, undefined],
  ['PATCH', (id) => `/api/posts/${id}`, { title: 'Mine now' }],
  ['PATCH', (id) => `/api/posts/${id}`, { body: 'Mine **now**' }],
  ['DELETE', (id) => `/api/posts/${id}`, undefined],
  ['PUT', (id) => `/api/posts/${id}/like`, undefined],
  ['DELETE', (id) => `/api/posts/${id}/like`, undefined],
  ['GET', (id) => `/api/posts/${id}/comments`, undefined],
  ['GET', (id) => `/api/posts/${id}/comments?sort=new&limit=3`, undefined],
  ['POST', (id) => `/api/posts/${id}/comments`, { body: 'Is anybody here?' }],
  ['POST', (id) => `/api/posts/${id}/comments`, { body: 'Is anybody here?', parentId: '7' }],
];
const ofComment: readonly [Method, (id: string) => string, object | undefined][] = [
  ['PATCH', (id) => `/api/comments/${id}`, { body: 'Mine now' }],
  ['DELETE', (id) => `/api/comments/${id}`, undefined],
  ['PUT', (id) => `/api/comments/${id}/like`, undefined],
  ['DELETE', (id) => `/api/comments/${id}/like`, undefined],
];

function request(method: Method, url: string, payload: object | undefined): InjectOptions {
  return { method, url, ...(payload === undefined ? {} : { payload }) };
}

describe.each(['a stranger', 'nobody'])('to %s', (who) => {
  const headersOf = () => (who === 'nobody' ? {} : stranger.headers);

  test.each(ofPost)('%s %s of a hidden post is that of no post', async (method, url, payload) => {
    const real = await ask(request(method, url(hidden.post), payload), headersOf());
    const missing = await ask(request(method, url(neverThere), payload), headersOf());
    expect(real).toEqual(missing);
    expect([401, 404]).toContain(real.status);
    expect(real.statements).toBeTypeOf('number');
  });

  test.each(ofComment)('%s %s of a hidden comment is that of no comment', async (method, url, payload) => {
    const real = await ask(request(method, url(hidden.comment), payload), headersOf());
    const missing = await ask(request(method, url(neverThere), payload), headersOf());
    expect(real).toEqual(missing);
    expect([401, 404]).toContain(real.status);
  });

  test.each<[Method, (name: string) => string, object | undefined]>([
    ['GET', (name) => `/api/sanctums/${name}/posts`, undefined],
    ['GET', (name) => `/api/sanctums/${name}/posts?sort=new`, undefined],
    ['GET', (name) => `/api/sanctums/${name}/members`, undefined],
    ['POST', (name) => `/api/sanctums/${name}/posts`, { kind: 'text', title: 'Let me in' }],
  ])('%s %s of a hidden place is that of no place', async (method, url, payload) => {
    const real = await ask(request(method, url('cellar'), payload), headersOf());
    const missing = await ask(request(method, url('nowhere_at_all'), payload), headersOf());
    expect(real).toEqual(missing);
    expect([401, 404]).toContain(real.status);
  });

  test('who is in a hidden place cannot be asked by trying names', async () => {
    const member = (await host.app.inject({ url: '/api/sanctums/cellar', headers: stranger.headers })).json();
    expect(JSON.stringify(member)).not.toContain('owner');
    const answers = [];
    for (const name of [stranger.user.username, 'nobody_of_this_name'])
      answers.push(await ask(request('DELETE', `/api/sanctums/cellar/members/${name}`, undefined), headersOf()));
    expect(answers[0]).toEqual(answers[1]);
  });
});

test('a comment that hangs below a hidden one is not told from one that hangs below none', async () => {
  const open = await host.signUp();
  await host.app.inject({ method: 'POST', url: '/api/sanctums', headers: open.headers, payload: { name: 'yard', title: 'A yard' } });
  const made = await host.app.inject({
    method: 'POST',
    url: '/api/sanctums/yard/posts',
    headers: open.headers,
    payload: { kind: 'text', title: 'Open' },
  });
  const url = `/api/posts/${made.json().id}/comments`;
  const below = (parentId: string) => ask(request('POST', url, { body: 'Below', parentId }), stranger.headers);
  expect(await below(hidden.comment)).toEqual(await below(neverThere));
  const window = (parentId: string) => ask({ url: `${url}?parentId=${parentId}` }, stranger.headers);
  expect(await window(hidden.comment)).toEqual(await window(neverThere));
});
