import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDemoApp, type DemoApp } from '../../../test/harness/demo-app.ts';
import type { SignedUpUser, TestApp } from '../../../test/harness/test-app.ts';
import { type Post, postExcerptCharacters, postPageSchema, postSchema } from '../posts/posts.schema.ts';

let demo: DemoApp;
let test: TestApp;
let visitor: SignedUpUser;
let keeper: SignedUpUser;
const strictPage = postPageSchema.extend({ items: postSchema.strict().array() }).strict();

async function get(who: SignedUpUser | null, url: string) {
  const response = await test.app.inject({ method: 'GET', url, headers: who?.headers ?? {} });
  return { status: response.statusCode, json: response.json(), text: response.body };
}

async function all(who: SignedUpUser | null, url: string, limit = 50): Promise<Post[]> {
  const posts: Post[] = [];
  let cursor = '';
  for (let pages = 0; pages < 100; pages += 1) {
    const answer = await get(who, `${url}${url.includes('?') ? '&' : '?'}limit=${limit}${cursor}`);
    expect(answer.status, answer.text).toBe(200);
    const page = strictPage.parse(answer.json);
    posts.push(...page.items);
    if (page.nextCursor === null) return posts;
    cursor = `&cursor=${page.nextCursor}`;
  }
  throw new Error(`${url} has no end`);
}

beforeAll(async () => {
  demo = await createDemoApp();
  ({ test, keeper, visitor } = demo);
});

afterAll(async () => {
  await demo.close();
});

describe('feeds', () => {
  it('show popular posts of public sanctums to anyone, in the declared shape, each once', async () => {
    const posts = await all(null, '/api/feeds/popular', 20);
    expect(posts.length).toBeGreaterThan(100);
    expect(new Set(posts.map(({ id }) => id)).size).toBe(posts.length);
    expect(posts.some(({ sanctum }) => sanctum.name === 'stewards')).toBe(false);
    expect(
      posts.every(
        ({ bodyHtml, body, liked, canEdit, canDelete }) =>
          bodyHtml === '' && body.length <= postExcerptCharacters && !liked && !canEdit && !canDelete,
      ),
    ).toBe(true);
  });

  it('sort by likes, by time, and by both', async () => {
    const top = await all(null, '/api/feeds/popular?sort=top');
    expect(top.map(({ likeCount }) => likeCount)).toEqual(top.map(({ likeCount }) => likeCount).toSorted((left, right) => right - left));
    const newest = await all(null, '/api/feeds/popular?sort=new');
    expect(newest.map(({ createdAt }) => createdAt)).toEqual(
      newest
        .map(({ createdAt }) => createdAt)
        .toSorted()
        .reverse(),
    );
    const hot = await all(null, '/api/feeds/popular?sort=hot');
    const rank = (post: Post) => Math.log10(Math.max(1, post.likeCount)) + (Date.parse(post.createdAt) - Date.UTC(2020, 0, 1)) / 45_000_000;
    const ranks = hot.map(rank);
    expect(ranks.every((value, index) => index === 0 || value <= (ranks[index - 1] ?? 0) + 1e-6)).toBe(true);
    expect(new Set([top, newest, hot].map((posts) => posts.map(({ id }) => id).join())).size).toBe(3);
  });

  it('show home only what the reader has joined', async () => {
    expect(await all(visitor, '/api/feeds/home')).toEqual([]);
    expect((await get(null, '/api/feeds/home')).json.code).toBe('auth.required');
    await test.app.inject({ method: 'PUT', url: '/api/sanctums/sourdough/membership', headers: visitor.headers });
    const posts = await all(visitor, '/api/feeds/home');
    expect(posts.length).toBeGreaterThan(10);
    expect(new Set(posts.map(({ sanctum }) => sanctum.name))).toEqual(new Set(['sourdough']));
    const keepers = await all(keeper, '/api/feeds/home', 7);
    expect(keepers.length).toBe(
      (await all(keeper, '/api/feeds/popular')).length + (await all(keeper, '/api/sanctums/stewards/posts')).length,
    );
  });

  it('keep private sanctums to their members, in every feed', async () => {
    const inside = await all(keeper, '/api/sanctums/stewards/posts');
    expect(inside.length).toBeGreaterThan(2);
    for (const reader of [visitor, null]) {
      expect((await get(reader, '/api/sanctums/stewards/posts')).json.code).toBe('sanctum.not_found');
      for (const post of inside) {
        const posts = await all(reader, `/api/users/${post.author.username}/posts`);
        expect(posts.map(({ id }) => id)).not.toContain(post.id);
      }
    }
    const [first] = inside;
    expect((await all(keeper, `/api/users/${first?.author.username}/posts`)).map(({ id }) => id)).toContain(first?.id);
  });

  it('know what the reader likes at once', async () => {
    const [post] = await all(visitor, '/api/feeds/popular?sort=new');
    await test.app.inject({ method: 'PUT', url: `/api/posts/${post?.id}/like`, headers: visitor.headers });
    for (const url of [
      '/api/feeds/popular?sort=new',
      `/api/sanctums/${post?.sanctum.name}/posts`,
      `/api/users/${post?.author.username}/posts`,
    ]) {
      expect((await all(visitor, url)).find(({ id }) => id === post?.id)).toMatchObject({
        liked: true,
        likeCount: (post?.likeCount ?? 0) + 1,
      });
      expect((await all(keeper, url)).find(({ id }) => id === post?.id)?.canDelete).toBe(true);
    }
  });

  it('of nobody and nowhere say so', async () => {
    expect((await get(null, '/api/sanctums/no_such_place/posts')).json.code).toBe('sanctum.not_found');
    expect((await get(null, '/api/users/no_such_person/posts')).json.code).toBe('user.not_found');
    for (const query of ['sort=best', 'limit=0', 'limit=51', 'limit=x', 'cursor=', `cursor=${'a'.repeat(3000)}`]) {
      expect((await get(null, `/api/feeds/popular?${query}`)).json.code, query).toBe('request.invalid');
    }
  });

  it('take back only their own cursors, from the reader who got them', async () => {
    const { nextCursor } = (await get(visitor, '/api/feeds/popular?limit=5')).json;
    expect((await get(visitor, `/api/feeds/popular?limit=5&cursor=${nextCursor}`)).status).toBe(200);
    const foreign = [
      '/api/feeds/popular?sort=new&',
      '/api/feeds/home?',
      '/api/sanctums/sourdough/posts?',
      '/api/users/keeper/posts?',
      '/api/search?q=bread&',
    ];
    for (const url of foreign) expect((await get(visitor, `${url}cursor=${nextCursor}`)).json.code, url).toBe('cursor.foreign');
    expect((await get(keeper, `/api/feeds/popular?cursor=${nextCursor}`)).json.code).toBe('cursor.foreign');
    expect((await get(null, `/api/feeds/popular?cursor=${nextCursor}`)).json.code).toBe('cursor.foreign');
    for (const cursor of ['nonsense', `${nextCursor}x`, 'AAAA', '%00', "'or'1'='1"]) {
      const answer = await get(visitor, `/api/feeds/popular?cursor=${encodeURIComponent(cursor)}`);
      expect(answer.json.code, cursor).toBe('cursor.invalid');
      expect(answer.json.detail).toContain('Start from the first page');
    }
  });
});
