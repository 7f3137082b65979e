/**
 * P3's baseline: the feed's SQL through the driver, nothing around it. Runs CONCURRENCY loops for as long as it lives and
 * writes its count of pages to standard output whenever a line comes in.
 */
import { createInterface } from 'node:readline';
import pg from 'pg';
import { beforeAll } from '../../platform/src/features/feeds/feeds.fragments.queries.ts';
import { popularHot } from '../../platform/src/features/feeds/feeds.queries.ts';

const concurrency = Number(process.env['CONCURRENCY'] ?? '16');
const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: Number(process.env['POOL_MAX'] ?? '10'),
  options: '-c plan_cache_mode=force_generic_plan',
});
const sample: Readonly<Record<string, unknown>> = {
  ...popularHot.sample,
  reader: process.env['READER_ID'],
  after_id: beforeAll.id,
  after_rank: beforeAll.hot,
};
const values = popularHot.parameterNames.map((name) => sample[name]);
let pages = 0;
let running = true;

async function loop(): Promise<void> {
  while (running) {
    const result = await pool.query<{ items: string }>({ name: popularHot.name, text: popularHot.text, values });
    Buffer.from(result.rows[0]?.items ?? '');
    pages += 1;
  }
}

process.on('SIGTERM', () => {
  running = false;
});
createInterface(process.stdin).on('line', () => console.log(`pages ${pages}`));
const loops = Array.from({ length: concurrency }, loop);
console.log('ready 1');
await Promise.all(loops);
await pool.end();
process.exit(0);
