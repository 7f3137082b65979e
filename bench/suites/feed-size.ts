/** P9: what a feed page costs beside many posts and beside few. Two databases on one server, asked in turns. */
import { seedScale } from '@sanctum/platform/seed-scale';
import pg from 'pg';
import { beforeAll } from '../../platform/src/features/feeds/feeds.fragments.queries.ts';
import { popularHot } from '../../platform/src/features/feeds/feeds.queries.ts';
import { measured, type Suite } from '../lib/measure.ts';
import { ratios } from '../lib/pairs.ts';
import { migrateDatabase, startPostgres } from '../lib/stack.ts';
import { median } from '../lib/statistics.ts';

const postsFew = 10_000;
/** Ten million is the aim of the design; BENCH_POSTS gives it the time and the disk (7 GB) that it needs. */
const postsMany = Number(process.env['BENCH_POSTS'] ?? '2000000');
const pagesPerBlock = 200;
const users = 2000;

interface Feed {
  /** Milliseconds of one page, by the driver alone. */
  page(): Promise<number>;
  /** Blocks that the first page reads. */
  blocks(): Promise<number>;
  close(): Promise<void>;
}

async function openFeed(url: string, readerId: string): Promise<Feed> {
  const client = new pg.Client({ connectionString: url, options: '-c plan_cache_mode=force_generic_plan' });
  await client.connect();
  const given: Readonly<Record<string, unknown>> = {
    ...popularHot.sample,
    reader: readerId,
    after_id: beforeAll.id,
    after_rank: beforeAll.hot,
  };
  const values = popularHot.parameterNames.map((name) => given[name]);
  const ask = () => client.query<{ items: string }>({ name: popularHot.name, text: popularHot.text, values });
  return {
    async page() {
      const started = performance.now();
      const { rows } = await ask();
      if ((rows[0]?.items.length ?? 0) < 1000) throw new Error('the feed is empty: nothing to measure');
      return performance.now() - started;
    },
    async blocks() {
      await client.query('set plan_cache_mode = force_generic_plan');
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Readonly<Record<string, number>> }] }>(
        `explain (analyze, buffers, format json) execute "${popularHot.name}" (${values.map(literal).join(', ')})`,
      );
      const plan = rows[0]?.['QUERY PLAN'][0].Plan;
      return (plan?.['Shared Hit Blocks'] ?? Number.NaN) + (plan?.['Shared Read Blocks'] ?? Number.NaN);
    },
    close: () => client.end(),
  };
}

function literal(value: unknown): string {
  return value === null || value === undefined ? 'null' : pg.escapeLiteral(String(value));
}

async function block(feed: Feed): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < pagesPerBlock; index += 1) times.push(await feed.page());
  return median(times);
}

export const feedSize: Suite = {
  name: 'feed-size',
  run: async ({ pairs, log }) => {
    if (!Number.isInteger(postsMany) || postsMany <= postsFew)
      throw new Error(`BENCH_POSTS is ${process.env['BENCH_POSTS']}: give a whole number above ${postsFew}`);
    const postgres = await startPostgres();
    try {
      const fewUrl = await migrateDatabase(postgres.url, 'few');
      log(`seeding ${postsFew} and ${postsMany} posts`);
      const few = await seedScale({ databaseUrl: fewUrl, posts: postsFew, comments: 100, users, slim: true });
      const many = await seedScale({ databaseUrl: postgres.url, posts: postsMany, comments: 100, users, slim: true, log });
      const [small, large] = [await openFeed(fewUrl, few.readerId), await openFeed(postgres.url, many.readerId)];
      for (const feed of [small, large]) await block(feed);
      const found = await ratios({ pairs, subject: () => block(large), baseline: () => block(small) });
      const blocks = (await large.blocks()) / (await small.blocks());
      await Promise.all([small.close(), large.close()]);
      const budget = { id: 'P9', unit: '×', must: 1.6, aim: 1.3, better: 'less' } as const;
      return [
        measured({ ...budget, title: `feed p50, ${postsMany} posts ÷ ${postsFew}` }, found),
        measured({ ...budget, title: `blocks read by a feed page, ${postsMany} posts ÷ ${postsFew}` }, [blocks]),
      ];
    } finally {
      await postgres.stop();
    }
  },
};
