/** What a page costs must not depend on its depth, nor on the size of the thread it stands in. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/test-database.ts';
import { createCursors } from '../../http/cursor.ts';
import { seedScale, type ScaleResult } from '../../seed.ts';
import { createComments } from '../comments/comments.service.ts';
import type { CommentWindow } from '../comments/comments.schema.ts';
import { beforeAll as firstPosition, type FeedQueryEntry } from './feeds.fragments.queries.ts';
import * as feeds from './feeds.queries.ts';

const posts = 30_000;
const deepRow = 25_000;
const windowBudgetMs = 40;

let test: TestDatabase;
let scale: ScaleResult;

beforeAll(async () => {
  test = await createTestDatabase();
  scale = await seedScale({ databaseUrl: test.url, posts, comments: 100_000, users: 2000 });
}, 180_000);

afterAll(async () => {
  await test.close();
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Blocks read by one page, and its plan without numbers. */
async function cost(query: FeedQueryEntry, after: { id: string; rank: number; snapshot: string | null }) {
  const params: Record<string, unknown> = {
    reader: scale.readerId,
    admin: false,
    page_items: 25,
    after_id: after.id,
    after_rank: after.rank,
    snapshot: after.snapshot,
  };
  const values = query.parameterNames.map((name) => {
    const value = params[name];
    return value === null ? 'null' : `'${String(value)}'`;
  });
  const types = query.parameterNames.map((name) => query.params[name as keyof typeof query.params].replace('?', ''));
  await test.client.query('set plan_cache_mode = force_generic_plan');
  await test.client.query(`prepare page (${types.join(', ')}) as ${query.text}`);
  const run = () =>
    test.client.query<{ 'QUERY PLAN': [{ Plan: PlanNode & { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }] }>(
      `explain (analyze, buffers, format json) execute page (${values.join(', ')})`,
    );
  await run();
  const plan = (await run()).rows[0]?.['QUERY PLAN'][0].Plan;
  await test.client.query('deallocate page');
  if (plan === undefined) throw new Error('no plan came back');
  return { blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'], shape: shapeOf(plan) };
}

function shapeOf(node: PlanNode): string {
  return `${node['Node Type']} ${node['Index Name'] ?? ''}(${(node.Plans ?? []).map(shapeOf).join(',')})`;
}

describe('a page at depth 1,000', () => {
  it.each(['hot', 'top', 'new'] as const)(
    'of the popular feed by %s has the plan of the first page and reads as many blocks',
    async (sort) => {
      const query = { hot: feeds.popularHot, top: feeds.popularTop, new: feeds.popularNew }[sort];
      const column = { hot: 'hot', top: 'like_count', new: 'post_id' }[sort];
      const deep = await test.client.query<{ id: string; rank: number; snapshot: string }>(
        `select post_id as id, ${column}::double precision as rank, pg_current_snapshot()::text as snapshot
       from post_ranks where popular order by ${column} desc, post_id desc offset ${deepRow} limit 1`,
      );
      const position = deep.rows[0];
      if (position === undefined) throw new Error('there is no page at that depth');
      const first = await cost(query, { id: firstPosition.id, rank: firstPosition[sort], snapshot: null });
      const last = await cost(query, position);
      expect(last.shape).toBe(first.shape);
      expect(first.blocks).toBeGreaterThan(50);
      expect(last.blocks).toBeLessThan(first.blocks * 1.2);
    },
  );
});

describe('a thread of 100,000 comments', () => {
  it.each(['top', 'new'] as const)('shows its first window, the next and one below a comment within 40 ms, sort %s', async (sort) => {
    const comments = createComments({
      db: test.db,
      cursors: createCursors({ key: randomBytes(32) }),
      markdown: { render: async (text) => text },
    });
    const read = async (query: { cursor?: string; parentId?: string }) => {
      const times: number[] = [];
      let window: CommentWindow = { items: [], more: [] };
      for (let run = 0; run < 21; run += 1) {
        const started = performance.now();
        window = JSON.parse(
          await comments.window(null, scale.threadPostId, { sort, limit: 20, parentId: query.parentId, cursor: query.cursor }),
        ) as CommentWindow;
        times.push(performance.now() - started);
      }
      // The median: other test files run on the same machine.
      expect(times.toSorted((left, right) => left - right)[10]).toBeLessThan(windowBudgetMs);
      expect(window.items.length).toBeGreaterThanOrEqual(20);
      return window;
    };
    const first = await read({});
    const rest = first.more.find(({ parentId }) => parentId === null);
    expect(rest?.remaining).toBe(1000);
    await read(rest === undefined ? {} : { cursor: rest.cursor });
    await read({ parentId: '2' });
  });
});
