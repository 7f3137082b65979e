/** What a page costs must not depend on its depth, nor on the size of the thread it stands in. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/test-database.ts';
import { createCursors } from '../../api/cursor.ts';
import { seedScale, type ScaleResult } from '../../../seed/scale.ts';
import { createComments } from '../comments/comments.service.ts';
import type { CommentWindow } from '../comments/comments.schema.ts';
import { beforeAll as firstPosition, type FeedQueryEntry } from './feeds.fragments.queries.ts';
import * as feeds from './feeds.queries.ts';
import type { CatalogueQuery } from '../../db/query.ts';
import * as windows from '../comments/windows.queries.ts';

const posts = 30_000;
const deepRow = 25_000;
/** A window shows 200 comments, each with some look-ups, and counts a thousand siblings that are left. */
const windowRowsTouchedMax = 20_000;

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
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

/** The plan of one run with warm buffers, as the server runs it: prepared, generic. */
async function planOf(query: CatalogueQuery, given: Readonly<Record<string, unknown>>): Promise<PlanNode> {
  const values = query.parameterNames.map((name) => {
    const value = name in given ? given[name] : query.sample[name];
    return value === null ? 'null' : `'${String(value)}'`;
  });
  const types = query.parameterNames.map((name) => query.params[name]?.replace('?', ''));
  await test.client.query('set plan_cache_mode = force_generic_plan');
  await test.client.query(`prepare page (${types.join(', ')}) as ${query.text}`);
  const run = () =>
    test.client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (analyze, buffers, format json) execute page (${values.join(', ')})`,
    );
  await run();
  const plan = (await run()).rows[0]?.['QUERY PLAN'][0].Plan;
  await test.client.query('deallocate page');
  if (plan === undefined) throw new Error('no plan came back');
  return plan;
}

/** Blocks read by one page, and its plan without numbers. */
async function cost(query: FeedQueryEntry, after: { id: string; rank: number; snapshot: string | null }) {
  const plan = await planOf(query as unknown as CatalogueQuery, {
    reader: scale.readerId,
    admin: false,
    page_items: 25,
    after_id: after.id,
    after_rank: after.rank,
    snapshot: after.snapshot,
  });
  return { blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'], shape: shapeOf(plan) };
}

/** Rows that were looked at anywhere in the plan. */
function rowsTouched(node: PlanNode): number {
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  return own + (node.Plans ?? []).reduce((sum, child) => sum + rowsTouched(child), 0);
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
  it.each(['top', 'new'] as const)('costs its first window, the next and one below a comment what they show, sort %s', async (sort) => {
    const comments = createComments({
      db: test.db,
      cursors: createCursors({ key: randomBytes(32) }),
      markdown: { render: async (text) => text },
      notify: async () => {},
    });
    const read = async (query: { cursor?: string; parentId?: string }) => {
      const text = await comments.window(null, scale.threadPostId, { sort, limit: 20, parentId: query.parentId, cursor: query.cursor });
      const window = JSON.parse(text) as CommentWindow;
      expect(window.items.length).toBeGreaterThanOrEqual(20);
      return window;
    };
    const first = await read({});
    const rest = first.more.find(({ parentId }) => parentId === null);
    expect(rest?.remaining).toBe(1000);
    await read(rest === undefined ? {} : { cursor: rest.cursor });
    await read({ parentId: '2' });

    const [roots, replies] = sort === 'top' ? [windows.rootsTop, windows.repliesTop] : [windows.rootsNew, windows.repliesNew];
    for (const [query, parent] of [
      [roots, '0'],
      [replies, '2'],
    ] as const) {
      const plan = await planOf(query as unknown as CatalogueQuery, { post_id: scale.threadPostId, reader: null, parent_id: parent });
      const touched = rowsTouched(plan);
      expect(touched).toBeGreaterThan(100);
      // A walk over the thread would touch 100,000 and more.
      expect(touched, query.name).toBeLessThan(windowRowsTouchedMax);
    }
  });
});
