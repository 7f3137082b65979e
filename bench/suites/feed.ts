/** P2, P3, P6, P7b, P7c, P8: what a request costs, and what a feed page costs at any depth. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { seedScale } from '@sanctum/platform/seed-scale';
import pg from 'pg';
import { startChild } from '../lib/child.ts';
import { loadHttp, type Load } from '../lib/http-load.ts';
import { measured, type Measure, type Suite } from '../lib/measure.ts';
import { ratios } from '../lib/pairs.ts';
import { processorSeconds } from '../lib/processor-time.ts';
import { type SignedIn, signUp } from '../lib/signed-in.ts';
import { type Platform, type Postgres, startPlatform, startPostgres } from '../lib/stack.ts';
import { median } from '../lib/statistics.ts';
import { depth } from './feed-depth.ts';

const servers = join(import.meta.dirname, '../servers');
const connections = 16;
const blockMs = 3000;
const warmUpMs = 1500;
/** A program runs at its own speed once V8 has compiled what it runs often: a count of answers, which a busy machine reaches later. */
const warmUpAnswers = 10_000;
const warmUpRoundsMax = 20;
const posts = 100_000;
/** Not measured here: Lemmy 1.0-beta on another machine of two cores, processor seconds per 1,000 pages for who is signed in. */
const lemmy = { signedInSeconds: 49, noted: '2026-11-22' } as const;

/** Answers per processor second of the given processes. */
async function perProcessorSecond(load: Omit<Load, 'connections' | 'durationMs'>, pids: readonly number[]): Promise<number> {
  const before = processorSeconds(pids);
  const result = await loadHttp({ ...load, connections, durationMs: blockMs });
  if (result.failures > 0 || result.answers === 0)
    throw new Error(`${load.path}: ${result.failures} of ${result.answers} answers were not 200`);
  return result.answers / (processorSeconds(pids) - before);
}

async function warmUp(load: Omit<Load, 'connections' | 'durationMs'>): Promise<void> {
  let answers = 0;
  for (let round = 0; round < warmUpRoundsMax && answers < warmUpAnswers; round += 1) {
    answers += (await loadHttp({ ...load, connections, durationMs: warmUpMs })).answers;
  }
}

async function armedRoute(postgres: Postgres, pairs: number): Promise<Measure> {
  const subject = await startChild(join(servers, 'armed-route.ts'), { DATABASE_URL: postgres.url });
  const baseline = await startChild(join(servers, 'bare-http.ts'), { BODY_BYTES: '11' });
  try {
    const armed = { port: subject.port, path: '/api/no-op', headers: { authorization: `Bearer ${subject.said('token')}` } };
    const bare = { port: baseline.port, path: '/' };
    await warmUp(armed);
    await warmUp(bare);
    const found = await ratios({
      pairs,
      subject: () => perProcessorSecond(armed, [subject.pid]),
      baseline: () => perProcessorSecond(bare, [baseline.pid]),
    });
    return measured(
      { id: 'P2', title: 'fully armed no-op route ÷ bare node:http, per CPU second', unit: '×', must: 0.6, aim: 0.75, better: 'more' },
      found,
    );
  } finally {
    await subject.stop();
    await baseline.stop();
  }
}

async function feedAgainstDriver(postgres: Postgres, platform: Platform, reader: SignedIn, pairs: number): Promise<Measure[]> {
  const page = { port: platform.port, path: '/api/feeds/popular?sort=hot', headers: reader.headers };
  await warmUp(page);
  const secondsPerThousand: number[] = [];
  const found = await ratios({
    pairs,
    subject: async () => {
      const rate = await perProcessorSecond(page, [platform.pid, postgres.pid]);
      secondsPerThousand.push(1000 / rate);
      return rate;
    },
    baseline: () => driverAlone(postgres, reader),
  });
  return [
    measured(
      {
        id: 'P3',
        title: 'feed API, cache off ÷ the same SQL through the driver alone, per CPU second',
        unit: '×',
        must: 0.9,
        aim: 0.95,
        better: 'more',
      },
      found,
    ),
    measured(
      {
        id: 'P7b',
        title: `CPU s per 1,000 signed-in feed pages ÷ ${lemmy.signedInSeconds} s of Lemmy, a constant noted on ${lemmy.noted}`,
        unit: '×',
        must: 0.06,
        aim: 0.03,
        better: 'less',
      },
      secondsPerThousand.map((seconds) => seconds / lemmy.signedInSeconds),
      `${median(secondsPerThousand).toFixed(2)} s per 1,000 pages, server and database`,
    ),
  ];
}

async function driverAlone(postgres: Postgres, reader: SignedIn): Promise<number> {
  const child = await startChild(join(servers, 'driver-alone.ts'), {
    DATABASE_URL: postgres.url,
    READER_ID: reader.id,
    CONCURRENCY: String(connections),
  });
  try {
    await wait(warmUpMs);
    const [pages, before] = [Number(await child.ask('pages')), processorSeconds([child.pid, postgres.pid])];
    await wait(blockMs);
    const done = Number(await child.ask('pages')) - pages;
    return done / (processorSeconds([child.pid, postgres.pid]) - before);
  } finally {
    await child.stop();
  }
}

async function warmFeed(platform: Platform, pairs: number): Promise<Measure> {
  const page = { port: platform.port, path: '/api/feeds/popular?sort=hot' };
  const bytes = (await (await fetch(`http://127.0.0.1:${page.port}${page.path}`)).arrayBuffer()).byteLength;
  const baseline = await startChild(join(servers, 'bare-http.ts'), { BODY_BYTES: String(bytes) });
  try {
    await warmUp(page);
    const bare = { port: baseline.port, path: '/' };
    await warmUp(bare);
    const found = await ratios({
      pairs,
      subject: () => perProcessorSecond(page, [platform.pid]),
      baseline: () => perProcessorSecond(bare, [baseline.pid]),
    });
    return measured(
      {
        id: 'P6',
        title: 'feed API, warm ÷ bare node:http sending the same bytes, per CPU second',
        unit: '×',
        must: 0.75,
        aim: 0.9,
        better: 'more',
      },
      found,
      `${bytes} bytes`,
    );
  } finally {
    await baseline.stop();
  }
}

async function planningShare(postgres: Postgres): Promise<Measure> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ calls: string; share: number }>(
      `select sum(calls) as calls, sum(total_plan_time) / sum(total_plan_time + total_exec_time) * 100 as share
       from pg_stat_statements where query like '%feeds.popular_hot%'`,
    );
    const [row] = rows;
    if (row === undefined || Number(row.calls) < 1000)
      throw new Error(`only ${row?.calls ?? 0} calls of the feed were seen: nothing to measure`);
    return measured(
      { id: 'P7c', title: 'planning in the database time of a list', unit: '%', must: 10, aim: 2, better: 'less' },
      [row.share],
      `${row.calls} calls`,
    );
  } finally {
    await client.end();
  }
}

export const feed: Suite = {
  name: 'feed',
  run: async ({ pairs, log }) => {
    const postgres = await startPostgres();
    try {
      log(`seeding ${posts} posts`);
      await seedScale({ databaseUrl: postgres.url, posts, comments: 1000, users: 2000 });
      log('P2');
      const armed = await armedRoute(postgres, pairs);
      const platform = await startPlatform(postgres.url, { LOG_LEVEL: 'info' });
      try {
        const reader = await signUp(platform);
        log('P3');
        const against = await feedAgainstDriver(postgres, platform, reader, pairs);
        log('P6');
        const warm = await warmFeed(platform, pairs);
        const planning = await planningShare(postgres);
        log('P8');
        return [armed, ...against, warm, planning, await depth(platform, reader, pairs)];
      } finally {
        await platform.stop();
      }
    } finally {
      await postgres.stop();
    }
  },
};
