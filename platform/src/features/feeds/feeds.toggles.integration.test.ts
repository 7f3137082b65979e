/** What one person does to one post, however often, costs those who read nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/test-database.ts';
import { seedScale } from '../../../seed/scale.ts';
import * as likes from '../posts/likes.queries.ts';
import { type FeedQueryEntry } from './feeds.fragments.queries.ts';
import * as feeds from './feeds.queries.ts';

const toggles = 3000;

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await seedScale({ databaseUrl: test.url, posts: 2000, comments: 10, users: 200 });
  await test.client.query('set plan_cache_mode = force_generic_plan');
});
afterAll(() => test.close());

async function snapshotNow(): Promise<string> {
  return (await test.client.query<{ snapshot: string }>('select pg_current_snapshot()::text as snapshot')).rows[0]?.snapshot ?? '';
}

interface Cost {
  readonly blocks: number;
  readonly ids: readonly string[];
}

/** The fewest blocks of several readings of the page after the tenth post. */
async function cost(query: FeedQueryEntry, column: string, snapshot: string): Promise<Cost> {
  const position = await test.client.query<{ id: string; rank: number }>(
    `select post_id as id, ${column}::double precision as rank from post_ranks where popular and post_id <> 2 order by ${column} desc, post_id desc offset 9 limit 1`,
  );
  const { id, rank } = position.rows[0] ?? { id: '', rank: 0 };
  const params: Record<string, unknown> = { reader: '1', admin: false, page_items: 50, after_id: id, after_rank: rank, snapshot };
  const literals = query.parameterNames.map((name) => `'${String(params[name])}'`).join(', ');
  const types = query.parameterNames.map((name) => query.params[name as keyof typeof query.params].replace('?', '')).join(', ');
  await test.client.query(`prepare page (${types}) as ${query.text}`);
  const found = await test.client.query<{ items: string }>(`execute page (${literals})`);
  let blocks = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run += 1) {
    const { rows } = await test.client.query(`explain (analyze, buffers, format json) execute page (${literals})`);
    const { Plan: plan } = rows[0]['QUERY PLAN'][0];
    blocks = Math.min(blocks, plan['Shared Hit Blocks'] + plan['Shared Read Blocks']);
  }
  await test.client.query('deallocate page');
  const ids = (JSON.parse(found.rows[0]?.items ?? '[]') as { id: string }[]).map((post) => post.id);
  return { blocks, ids };
}

/** Each in a transaction of its own, as requests do it. The post stands in the middle of the page that is looked at. */
async function toggle(postId: string): Promise<void> {
  const { likePost, unlikePost } = likes;
  const text = (query: typeof likePost) => query.text.replaceAll('$1', postId).replaceAll('$2', '7');
  await test.client.query(
    `do $do$ begin
       for n in 1..${toggles / 2} loop
         execute ${quoted(text(likePost))}; commit; execute ${quoted(text(unlikePost))}; commit;
       end loop;
     end $do$`,
  );
}

function quoted(text: string): string {
  return `$sql$${text}$sql$`;
}

it.each([
  ['hot', feeds.popularHot, 'hot'],
  ['top', feeds.popularTop, 'like_count'],
] as const)(
  'a post that was liked and unliked three thousand times costs a walk by %s no more than a few blocks',
  async (_sort, query, column) => {
    const target = await test.client.query<{ id: string }>(
      `select post_id as id from post_ranks where popular order by ${column} desc, post_id desc offset 25 limit 1`,
    );
    const postId = target.rows[0]?.id ?? '';
    await test.client.query('delete from post_likes where post_id = $1 and user_id = 7', [postId]);
    await test.client.query('update post_ranks set like_count = (select count(*) from post_likes where post_id = $1) where post_id = $1', [
      postId,
    ]);
    const begun = await snapshotNow();
    const before = await cost(query, column, begun);
    expect(before.ids).toHaveLength(50);
    await toggle(postId);
    const changes = await test.client.query<{ count: number }>(
      'select count(*)::integer as count from post_rank_changes where post_id = $1',
      [postId],
    );
    expect(changes.rows[0]?.count).toBeGreaterThanOrEqual(toggles);
    await test.client.query('vacuum analyze post_ranks, post_rank_changes, post_likes');
    const during = await cost(query, column, begun);
    const after = await cost(query, column, await snapshotNow());
    // On a schema without changed_in and previous_transaction_id these were eleven times as many, and more.
    expect(before.blocks).toBeGreaterThan(300);
    expect(during.blocks).toBeLessThan(before.blocks * 1.5);
    expect(after.blocks).toBeLessThan(before.blocks * 1.5);
    // The walk that began before shows what it would have shown, and so does one that begins after: the likes came to nothing.
    expect(during.ids).toEqual(before.ids);
    expect(after.ids).toEqual(before.ids);
  },
);
