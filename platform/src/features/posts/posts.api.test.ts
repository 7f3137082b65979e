import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rateLimits } from '../../limits/rate-limits.ts';
import { roomInWindow } from '../../../test/harness/room-in-window.ts';
import { settled } from '../../../test/harness/settled.ts';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { waitUntil } from '../../../test/harness/wait-until.ts';
import { postSchema } from './posts.schema.ts';

let test: TestApp;
let owner: SignedUpUser;
let member: SignedUpUser;
let stranger: SignedUpUser;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

async function call(who: SignedUpUser | null, method: Method, url: string, payload?: object, headers: Record<string, string> = {}) {
  const response = await test.app.inject({
    method,
    url,
    headers: { ...who?.headers, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  return {
    status: response.statusCode,
    text: response.body,
    headers: response.headers,
    json: response.body === '' ? undefined : response.json(),
  };
}

async function write(who: SignedUpUser, sanctum: string, post: object) {
  const answer = await call(who, 'POST', `/api/sanctums/${sanctum}/posts`, post);
  expect(answer.status, answer.text).toBe(201);
  return postSchema.strict().parse(answer.json);
}

beforeAll(async () => {
  test = await createTestApp();
  [owner, member, stranger] = [await test.signUp('owner'), await test.signUp('member'), await test.signUp('stranger')];
  for (const [name, visibility] of [
    ['open_place', 'public'],
    ['closed_place', 'private'],
  ]) {
    expect((await call(owner, 'POST', '/api/sanctums', { name, title: 'A place', visibility })).status).toBe(201);
  }
  expect((await call(member, 'PUT', '/api/sanctums/open_place/membership')).status).toBe(200);
  expect((await call(owner, 'PUT', '/api/sanctums/closed_place/invitations/member', { role: 'member' })).status).toBe(200);
  expect((await call(member, 'PUT', '/api/me/invitations/closed_place')).status).toBe(200);
});

afterAll(async () => {
  await test.close();
});

describe('writing a post', () => {
  it('answers with the whole post, rendered safely', async () => {
    const post = await write(member, 'Open_Place', {
      kind: 'text',
      title: '  A *title*  ',
      body: '**bold** <script>alert(1)</script> [x](javascript:alert(1)) https://example.org',
    });
    expect(post).toMatchObject({
      kind: 'text',
      title: 'A *title*',
      likeCount: 0,
      commentCount: 0,
      liked: false,
      canEdit: true,
      canDelete: true,
      url: null,
      editedAt: null,
    });
    expect(post.sanctum).toEqual({ name: 'open_place', title: 'A place' });
    expect(post.author.username).toBe('member');
    expect(post.bodyHtml).toContain('<strong>bold</strong>');
    expect(post.bodyHtml).not.toMatch(/<script|href="javascript/);
    expect(post.bodyHtml).toContain('rel="nofollow ugc noopener noreferrer"');
  });

  it('is for members; a private sanctum is not there for others', async () => {
    const post = { kind: 'text', title: 'Hello' };
    expect((await call(null, 'POST', '/api/sanctums/open_place/posts', post)).json).toMatchObject({ code: 'auth.required' });
    expect((await call(stranger, 'POST', '/api/sanctums/open_place/posts', post)).json).toMatchObject({ code: 'sanctum.not_member' });
    expect((await call(stranger, 'POST', '/api/sanctums/closed_place/posts', post)).json).toMatchObject({ code: 'sanctum.not_found' });
    expect((await call(stranger, 'POST', '/api/sanctums/no_such_place/posts', post)).json).toMatchObject({ code: 'sanctum.not_found' });
  });

  it.each([
    [{ kind: 'link', title: 'x' }],
    [{ kind: 'link', title: 'x', url: 'javascript:alert(1)' }],
    [{ kind: 'link', title: 'x', url: 'ftp://example.org' }],
    [{ kind: 'link', title: 'x', url: `https://example.org/${'x'.repeat(2100)}` }],
    [{ kind: 'text', title: 'x', url: 'https://example.org' }],
    [{ kind: 'text', title: '   ' }],
    [{ kind: 'text', title: 'x'.repeat(301) }],
    [{ kind: 'text', title: 'two\nlines' }],
    [{ kind: 'text', title: 'nul\u0000' }],
    [{ kind: 'text', title: 'x', body: 'nul\u0000' }],
    [{ kind: 'text', title: 'x', body: 'x'.repeat(40_001) }],
    [{ kind: 'image', title: 'x' }],
    [{ kind: 'text', title: 'x', extra: true }],
    [[]],
  ])('refuses %j', async (post) => {
    const answer = await call(member, 'POST', '/api/sanctums/open_place/posts', post);
    expect(answer.status).toBe(400);
    expect(answer.json.code).toBe('request.invalid');
  });

  it('takes the longest text there may be, in any script', async () => {
    const post = await write(member, 'open_place', { kind: 'text', title: '漢'.repeat(300), body: '漢'.repeat(40_000) });
    expect(post.body).toHaveLength(40_000);
  });

  it('happens once for one Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'post-once-0001' };
    const payload = { kind: 'link', title: 'Once', url: 'https://example.org/once' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => settled(() => call(member, 'POST', '/api/sanctums/open_place/posts', payload, headers))),
    );
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 201));
    const count = await test.client.query("select count(*)::integer as posts from posts where title = 'Once'");
    expect(count.rows[0]).toEqual({ posts: 1 });
  });
});

describe('a post', () => {
  it('of a private sanctum is there for members only', async () => {
    const post = await write(member, 'closed_place', { kind: 'text', title: 'Among us' });
    expect((await call(owner, 'GET', `/api/posts/${post.id}`)).status).toBe(200);
    for (const reader of [stranger, null]) expect((await call(reader, 'GET', `/api/posts/${post.id}`)).json.code).toBe('post.not_found');
    expect((await call(stranger, 'PUT', `/api/posts/${post.id}/like`)).json.code).toBe('post.not_found');
    expect((await call(stranger, 'DELETE', `/api/posts/${post.id}`)).json.code).toBe('post.not_found');
    expect((await call(stranger, 'PATCH', `/api/posts/${post.id}`, { title: 'Mine' })).json.code).toBe('post.not_found');
  });

  it('is changed by its author only', async () => {
    const post = await write(member, 'open_place', { kind: 'text', title: 'Before', body: 'one' });
    const changed = await call(member, 'PATCH', `/api/posts/${post.id}`, { body: '*two*' });
    expect(postSchema.strict().parse(changed.json)).toMatchObject({ title: 'Before', body: '*two*', bodyHtml: '<p><em>two</em></p>\n' });
    expect(changed.json.editedAt).not.toBeNull();
    for (const other of [owner, stranger])
      expect((await call(other, 'PATCH', `/api/posts/${post.id}`, { title: 'x' })).json.code).toBe('access.denied');
    expect((await call(member, 'PATCH', `/api/posts/${post.id}`, {})).status).toBe(400);
  });

  it('is deleted by its author, by those who moderate, by administrators, and by nobody else', async () => {
    const admin = await test.signUp('site_keeper');
    await test.client.query("update users set role = 'admin' where username = 'site_keeper'");
    const again = await call(null, 'POST', '/api/auth/sign-in', { name: 'site_keeper', password: admin.password, credentials: 'token' });
    const asAdmin = { ...admin, headers: { authorization: `Bearer ${again.json.accessToken}` } };
    for (const who of [member, owner, asAdmin]) {
      const post = await write(member, 'open_place', { kind: 'text', title: 'Soon gone' });
      expect((await call(stranger, 'DELETE', `/api/posts/${post.id}`)).json.code).toBe('access.denied');
      await waitUntil('the instance has read that this one may delete it', async () => {
        const { json } = await call(who, 'GET', `/api/posts/${post.id}`);
        return json.canDelete === true;
      });
      expect((await call(who, 'DELETE', `/api/posts/${post.id}`)).status).toBe(204);
      expect((await call(who, 'DELETE', `/api/posts/${post.id}`)).json.code).toBe('post.not_found');
      expect((await call(member, 'GET', `/api/posts/${post.id}`)).json.code).toBe('post.not_found');
      expect((await call(member, 'GET', '/api/sanctums/open_place/posts?sort=new')).text).not.toContain('Soon gone');
    }
  });

  it('leaves the shared first page of the popular feed at once when it is deleted', async () => {
    const post = await write(owner, 'open_place', { kind: 'text', title: 'Soon forgotten' });
    // A limit of its own: no other test has this page in the cache.
    const page = '/api/feeds/popular?sort=new&limit=47';
    expect((await call(null, 'GET', page)).text).toContain('Soon forgotten');
    expect((await call(owner, 'DELETE', `/api/posts/${post.id}`)).status).toBe(204);
    expect((await call(null, 'GET', page)).text).not.toContain('Soon forgotten');
  });

  it.each(['0', 'abc', '-1', '1.5', '99999999999999999999', '1;drop table posts'])('with the id %s is a clear error', async (id) => {
    expect((await call(null, 'GET', `/api/posts/${encodeURIComponent(id)}`)).json.code).toBe('request.invalid');
    expect((await call(null, 'GET', '/api/posts/999999999999999999')).json.code).toBe('post.not_found');
  });
});

describe('likes', () => {
  it('count once however often they are sent', async () => {
    const post = await write(member, 'open_place', { kind: 'text', title: 'Like me' });
    const url = `/api/posts/${post.id}/like`;
    expect((await call(owner, 'PUT', url)).json).toEqual({ likeCount: 1, liked: true });
    expect((await call(owner, 'PUT', url)).json).toEqual({ likeCount: 1, liked: true });
    expect((await call(stranger, 'PUT', url)).json).toEqual({ likeCount: 2, liked: true });
    expect((await call(owner, 'GET', `/api/posts/${post.id}`)).json).toMatchObject({ liked: true, likeCount: 2 });
    expect((await call(null, 'GET', `/api/posts/${post.id}`)).json).toMatchObject({ liked: false, likeCount: 2 });
    expect((await call(owner, 'DELETE', url)).json).toEqual({ likeCount: 1, liked: false });
    expect((await call(owner, 'DELETE', url)).json).toEqual({ likeCount: 1, liked: false });
    expect((await call(null, 'PUT', url)).json.code).toBe('auth.required');
  });

  it('of one reader on one post may change sixty times an hour, others not counted: each change has a price for everyone', async () => {
    const [post, other] = [
      await write(owner, 'open_place', { kind: 'text', title: 'Toggled' }),
      await write(owner, 'open_place', { kind: 'text', title: 'Left alone' }),
    ];
    await roomInWindow(rateLimits.likeChanges);
    const statuses: number[] = [];
    for (let count = 0; count < 70; count += 1)
      statuses.push((await call(member, count % 2 === 0 ? 'PUT' : 'DELETE', `/api/posts/${post.id}/like`)).status);
    expect(statuses.slice(0, 60).every((status) => status === 200)).toBe(true);
    expect(new Set(statuses.slice(60))).toEqual(new Set([429]));
    expect((await call(member, 'PUT', `/api/posts/${other.id}/like`)).status).toBe(200);
    expect((await call(stranger, 'PUT', `/api/posts/${post.id}/like`)).status).toBe(200);
    const { rows } = await test.client.query<{ count: number }>(
      'select count(*)::integer as count from post_rank_changes where post_id = $1',
      [post.id],
    );
    expect(rows[0]?.count).toBe(61);
  });
});
