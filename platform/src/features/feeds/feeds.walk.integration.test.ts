/** A walk over a feed while others like and unlike: every post of the first page's moment, once. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/test-database.ts';
import { createCursors } from '../../api/cursor.ts';
import type { Reader } from '../../api/reader.ts';
import { createCache } from '../../redis/cache.ts';
import { createInProcessStore } from '../../redis/in-process-store.ts';
import { createRandom } from '../../../seed/random.ts';
import { seedScale } from '../../../seed/scale.ts';
import * as likes from '../posts/likes.queries.ts';
import type { FeedSort } from '../posts/posts.schema.ts';
import type { FeedName } from './feeds.fragments.queries.ts';
import { createFeeds, type Feeds, snapshotAgeMaxSeconds } from './feeds.service.ts';

const pagesMax = 200;
const pageItems = 5;
const likesBetweenPages = 12;

let test: TestDatabase;
let reader: Reader;
let sanctum: string;

beforeAll(async () => {
  test = await createTestDatabase();
  const scale = await seedScale({ databaseUrl: test.url, posts: 300, comments: 10, users: 60 });
  reader = { userId: scale.readerId, sessionId: '00000000-0000-0000-0000-000000000000', role: 'user' };
  sanctum = scale.sanctumName;
  // All posts of one age and in one sanctum: what orders them is only their likes, so that a like moves a post far.
  await test.client.query('update posts set sanctum_id = 1, author_id = 1');
  await test.client.query(`
    update post_ranks set sanctum_id = 1, author_id = 1, popular = true, created_at = timestamptz '2026-01-01 00:00:00+00',
      hot = log(greatest(1, like_count)::double precision) + extract(epoch from timestamptz '2026-01-01 00:00:00+00' - timestamptz '2020-01-01 00:00:00+00')::double precision / 45000`);
});

afterAll(async () => {
  await test.close();
});

interface Walk {
  readonly pages: number;
  readonly repeats: number;
  readonly holes: number;
}

const random = createRandom(42);

async function likeAtRandom(): Promise<void> {
  for (let count = 0; count < likesBetweenPages; count += 1) {
    const query = random.next() < 0.6 ? likes.likePost : likes.unlikePost;
    await test.db.one(query, { post_id: String(1 + random.below(300)), reader: String(1 + random.below(60)) });
  }
}

async function walk(feeds: Feeds, feed: FeedName, place: string, sort: FeedSort): Promise<Walk> {
  const present = (await test.client.query<{ post_id: string }>('select post_id from post_ranks where listed')).rows.map(
    (row) => row.post_id,
  );
  expect(present).toHaveLength(300);
  const seen: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const [text] = await Promise.all([feeds.read(reader, feed, place, { sort, limit: pageItems, cursor }), likeAtRandom()]);
    const page = JSON.parse(String(text)) as { items: { id: string }[]; nextCursor: string | null };
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
    pages += 1;
  } while (cursor !== undefined && pages < pagesMax);
  const once = new Set(seen);
  return { pages, repeats: seen.length - once.size, holes: present.filter((id) => !once.has(id)).length };
}

function feedsAt(now: () => number): Feeds {
  return createFeeds({
    db: test.db,
    cursors: createCursors({ key: randomBytes(32) }),
    cache: createCache({ store: createInProcessStore() }),
    now,
  });
}

describe('a walk over a feed while others like', () => {
  it.each([
    ['popular', '', 'hot'],
    ['popular', '', 'top'],
    ['popular', '', 'new'],
    ['sanctum', 'sanctum_1', 'hot'],
    ['sanctum', 'sanctum_1', 'top'],
    ['user', 'user_1', 'hot'],
    ['user', 'user_1', 'top'],
    ['home', '', 'hot'],
    ['home', '', 'top'],
    ['home', '', 'new'],
  ] as const)('of %s %s by %s repeats nothing and misses nothing', async (feed, place, sort) => {
    expect(sanctum).toBe('sanctum_1');
    const result = await walk(feedsAt(Date.now), feed, place, sort);
    expect(result).toEqual({ pages: 60, repeats: 0, holes: 0 });
  });

  it.each(['hot', 'top'] as const)(
    'by %s would repeat or miss without the snapshot: the likes do move posts across pages',
    async (sort) => {
      // Each page is asked for later than a snapshot is kept, so ranks are read as they are.
      let time = 0;
      const result = await walk(
        feedsAt(() => (time += (snapshotAgeMaxSeconds + 1) * 1000)),
        'popular',
        '',
        sort,
      );
      expect(result.repeats + result.holes).toBeGreaterThan(10);
    },
  );

  it('sees the same while a transaction that began before the first page commits in the middle', async () => {
    const feeds = feedsAt(Date.now);
    await test.client.query('begin');
    await test.client.query(likes.likePost.text, ['7', '59']);
    await test.client.query(likes.unlikePost.text, ['7', '59']);
    await test.client.query(likes.likePost.text, ['7', '58']);
    const first = JSON.parse(String(await feeds.read(reader, 'popular', '', { sort: 'top', limit: 50, cursor: undefined }))) as {
      items: { id: string }[];
      nextCursor: string;
    };
    await test.client.query('commit');
    const seen = first.items.map(({ id }) => id);
    for (let cursor: string | null = first.nextCursor, pages = 0; cursor !== null && pages < pagesMax; pages += 1) {
      const page = JSON.parse(String(await feeds.read(reader, 'popular', '', { sort: 'top', limit: 50, cursor }))) as {
        items: { id: string }[];
        nextCursor: string | null;
      };
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(300);
    expect(new Set(seen).size).toBe(300);
  });
});
