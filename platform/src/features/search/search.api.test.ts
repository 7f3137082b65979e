import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDemoApp, type DemoApp } from '../../../test/harness/demo-app.ts';
import type { SignedUpUser, TestApp } from '../../../test/harness/test-app.ts';
import { postPageSchema, postSchema } from '../posts/posts.schema.ts';
import { sanctum as sanctumSchema } from '../sanctums/sanctums.schema.ts';
import { profile as profileSchema } from '../users/users.schema.ts';

let demo: DemoApp;
let test: TestApp;
let keeper: SignedUpUser;
let visitor: SignedUpUser;

async function search(query: Record<string, string>, who: SignedUpUser | null = null) {
  const response = await test.app.inject({ method: 'GET', url: '/api/search', query, headers: who?.headers ?? {} });
  return { status: response.statusCode, json: response.json() };
}

beforeAll(async () => {
  demo = await createDemoApp();
  ({ test, keeper, visitor } = demo);
});

afterAll(async () => {
  await demo.close();
});

describe('search for posts', () => {
  it('finds words in title and body, newest first, page by page', async () => {
    const found: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 50; pages += 1) {
      const { json } = await search({ q: 'the', limit: '7', ...(cursor === '' ? {} : { cursor }) });
      const page = postPageSchema.extend({ items: postSchema.strict().array() }).strict().parse(json);
      for (const post of page.items) expect(`${post.title} ${post.body}`.length).toBeGreaterThan(0);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    const truth = await test.client.query<{ id: string }>(
      `select p.id from posts p join sanctums s on s.id = p.sanctum_id
       where s.visibility = 'public' and p.search @@ websearch_to_tsquery('simple', 'the') order by p.id desc`,
    );
    expect(truth.rows.length).toBeGreaterThan(30);
    expect(found).toEqual(truth.rows.map(({ id }) => id));
  });

  it('understands phrases, alternatives and exclusions', async () => {
    expect((await search({ q: '"hide glue"' })).json.items.map(({ title }: { title: string }) => title)).toEqual([
      'Saved a chair from the skip',
    ]);
    expect((await search({ q: 'glue -hide' })).json.items.map(({ title }: { title: string }) => title)).not.toContain(
      'Saved a chair from the skip',
    );
    expect((await search({ q: 'kingfisher or bittern' })).json.items).toHaveLength(2);
  });

  it('finds posts of private sanctums for their members only', async () => {
    expect((await search({ q: 'rotation' }, keeper)).json.items).toHaveLength(1);
    expect((await search({ q: 'rotation' }, visitor)).json.items).toEqual([]);
    expect((await search({ q: 'rotation' })).json.items).toEqual([]);
  });

  it('does not find a deleted post', async () => {
    const { json } = await search({ q: 'kingfisher' }, keeper);
    expect(json.items).toHaveLength(1);
    const post = { url: `/api/posts/${json.items[0].id}`, headers: keeper.headers };
    expect((await test.app.inject({ method: 'DELETE', ...post })).statusCode).toBe(204);
    expect((await search({ q: 'kingfisher' }, keeper)).json.items).toEqual([]);
  });

  it.each(["'", '"', '&', '|', '!', '()', ':*', "foo' & !bar", '\\', '%', '-', 'or', '<->', '漢字', '🪵'])(
    'takes %j as words',
    async (q) => {
      for (const kind of ['posts', 'sanctums', 'people']) expect((await search({ q, kind })).status).toBe(200);
    },
  );

  it('refuses a search for nothing or for too much', async () => {
    for (const q of ['', '  ', 'x'.repeat(101), 'a\u0000b']) expect((await search({ q })).json.code).toBe('request.invalid');
    expect((await search({ q: 'x', kind: 'comments' })).json.code).toBe('request.invalid');
  });
});

describe('search for sanctums and people', () => {
  it('finds names by their beginning, the exact one first, in the declared shape', async () => {
    for (const name of ['bird', 'birds', 'Birdwatchers', 'birdwatching_uk']) {
      await test.app.inject({ method: 'POST', url: '/api/sanctums', headers: visitor.headers, payload: { name, title: 'More birds' } });
    }
    const { json } = await search({ q: 'BIRD', kind: 'sanctums' }, visitor);
    const items = sanctumSchema.strict().array().parse(json.items);
    expect(items.map(({ name }) => name)).toEqual(['bird', 'birds', 'Birdwatchers', 'birdwatching', 'birdwatching_uk']);
    expect(items.map(({ role }) => role)).toEqual(['owner', 'owner', 'owner', null, 'owner']);
    const first = (await search({ q: 'bird', kind: 'sanctums', limit: '2' })).json;
    const second = (await search({ q: 'bird', kind: 'sanctums', limit: '2', cursor: first.nextCursor })).json;
    expect([...first.items, ...second.items].map(({ name }: { name: string }) => name)).toEqual([
      'bird',
      'birds',
      'Birdwatchers',
      'birdwatching',
    ]);
    expect((await search({ q: 'film photo', kind: 'sanctums' })).json.items).toHaveLength(1);
  });

  it('finds people without telling their e-mail addresses', async () => {
    const { json } = await search({ q: '@Keep', kind: 'people' });
    expect(profileSchema.strict().array().parse(json.items)).toMatchObject([{ username: 'keeper', displayName: 'The Keeper' }]);
    expect((await search({ q: 'ee', kind: 'people' })).json.items).toEqual([]);
    expect((await search({ q: '_', kind: 'people' })).json.items).toEqual([]);
  });
});
