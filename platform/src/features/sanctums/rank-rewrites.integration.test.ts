/** A sanctum of any size turns private at once for readers, and in slices for the ranks. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { hotRank } from '../posts/posts.fragments.queries.ts';
import { finishRewrites } from './rank-rewrites.ts';

const posts = 3000;

let host: TestApp;
let owner: SignedUpUser;
let stranger: SignedUpUser;

beforeAll(async () => {
  host = await createTestApp();
  [owner, stranger] = [await host.signUp('owner'), await host.signUp('stranger')];
  const founded = await host.app.inject({
    method: 'POST',
    url: '/api/sanctums',
    headers: owner.headers,
    payload: { name: 'large', title: 'Large' },
  });
  expect(founded.statusCode).toBe(201);
  await host.client.query(
    `with place as (select id from sanctums where name = 'large'),
     made as (
       insert into posts (sanctum_id, author_id, kind, title) select place.id, $1, 'text', 'Post ' || n from place, generate_series(1, $2::integer) n
       returning id, sanctum_id, author_id, created_at)
     insert into post_ranks (post_id, sanctum_id, author_id, hot, popular, created_at)
     select id, sanctum_id, author_id, ${hotRank('0', 'created_at')}, true, created_at from made`,
    [owner.user.id, posts],
  );
});
afterAll(() => host.close());
beforeEach(async () => {
  expect((await turn('public')).statusCode).toBe(200);
  await finishRewrites(host.db, AbortSignal.timeout(30_000));
  expect(await counts()).toEqual({ popular: posts, waiting: 0 });
});

function turn(visibility: 'public' | 'private') {
  return host.app.inject({ method: 'PATCH', url: '/api/sanctums/large', headers: owner.headers, payload: { visibility } });
}

async function counts(): Promise<{ popular: number; waiting: number }> {
  const { rows } = await host.client.query(
    'select (select count(*)::integer from post_ranks where popular) as popular, (select count(*)::integer from sanctum_rank_rewrites) as waiting',
  );
  return rows[0];
}

async function shown(url: string, who: SignedUpUser | null): Promise<number> {
  const answer = await host.app.inject({ url, headers: who?.headers ?? {} });
  expect(answer.statusCode).toBe(200);
  return answer.json().items.length;
}

const placesOfStrangers = ['hot', 'new', 'top'].flatMap((sort) => [
  `/api/feeds/popular?sort=${sort}`,
  `/api/users/owner/posts?sort=${sort}`,
]);

test('the change writes one slice and notes the rest; no reader sees any of it from that moment', async () => {
  for (const place of placesOfStrangers) expect(await shown(place, stranger)).toBe(25);
  expect((await turn('private')).statusCode).toBe(200);
  const after = await counts();
  expect(after.waiting).toBe(1);
  expect(after.popular).toBeGreaterThan(posts / 2);
  for (const place of placesOfStrangers) for (const who of [stranger, null]) expect([place, await shown(place, who)]).toEqual([place, 0]);
  expect(await shown('/api/users/owner/posts', owner)).toBe(25);
  expect(await finishRewrites(host.db, AbortSignal.timeout(30_000))).toBeGreaterThan(3);
  expect(await counts()).toEqual({ popular: 0, waiting: 0 });
});

test('a job that dies goes on where it was, and ends with every rank right', async () => {
  await turn('private');
  const { rows } = await host.client.query<{ before: string }>('select before_post_id::text as before from sanctum_rank_rewrites');
  const dying = new AbortController();
  const dyingDb = {
    ...host.db,
    maybeOne: (async (query, params) => {
      const row = await host.db.maybeOne(query, params);
      dying.abort(new Error('planted death'));
      return row;
    }) as typeof host.db.maybeOne,
  };
  await expect(finishRewrites(dyingDb, dying.signal)).rejects.toThrow('planted death');
  const left = await host.client.query<{ before: string }>('select before_post_id::text as before from sanctum_rank_rewrites');
  expect(BigInt(left.rows[0]?.before ?? '0')).toBeLessThan(BigInt(rows[0]?.before ?? '0'));
  expect((await counts()).popular).toBeGreaterThan(0);
  await finishRewrites(host.db, AbortSignal.timeout(30_000));
  expect(await counts()).toEqual({ popular: 0, waiting: 0 });
});

test('a sanctum that turns back and forth while the job works ends as it stands last', async () => {
  await turn('private');
  const turning = (async () => {
    for (const visibility of ['public', 'private', 'public', 'private', 'public'] as const)
      expect((await turn(visibility)).statusCode).toBe(200);
  })();
  const working = (async () => {
    for (let run = 0; run < 5; run += 1) await finishRewrites(host.db, AbortSignal.timeout(30_000));
  })();
  await Promise.all([turning, working]);
  await finishRewrites(host.db, AbortSignal.timeout(30_000));
  expect(await counts()).toEqual({ popular: posts, waiting: 0 });
});

test('a sanctum of a few posts is done with the change itself', async () => {
  await host.app.inject({ method: 'POST', url: '/api/sanctums', headers: stranger.headers, payload: { name: 'small', title: 'Small' } });
  const posted = await host.app.inject({
    method: 'POST',
    url: '/api/sanctums/small/posts',
    headers: stranger.headers,
    payload: { kind: 'text', title: 'One' },
  });
  expect(posted.statusCode).toBe(201);
  const answer = await host.app.inject({
    method: 'PATCH',
    url: '/api/sanctums/small',
    headers: stranger.headers,
    payload: { visibility: 'private' },
  });
  expect(answer.statusCode).toBe(200);
  expect(await counts()).toEqual({ popular: posts, waiting: 0 });
});
