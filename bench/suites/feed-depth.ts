/** P8: what a page costs deep in the feed. */
import { createAsker } from '../lib/http-asker.ts';
import { measured, type Measure } from '../lib/measure.ts';
import type { SignedIn } from '../lib/signed-in.ts';
import type { Platform } from '../lib/stack.ts';
import { quantile } from '../lib/statistics.ts';

const deepPage = 1000;
/** In one block at each depth: sixty answers lie beyond the 99th percentile. With fifteen its place moved by more than its bound. */
const requestsPerDepth = 6000;

interface Page {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
}

/** p99 at the depth ÷ p99 of the first page, asked in turns: whatever the machine does besides falls on both. */
async function depthRatio(platform: Platform, reader: SignedIn, cursor: string | undefined): Promise<number> {
  const page = '/api/feeds/popular?sort=hot';
  const deepPath = `${page}&cursor=${encodeURIComponent(cursor ?? '')}`;
  const [first, deep]: [number[], number[]] = [[], []];
  const asker = createAsker(platform.port);
  for (let index = 0; index < requestsPerDepth; index += 1) {
    first.push(await asker.ask(page, reader.headers));
    deep.push(await asker.ask(deepPath, reader.headers));
  }
  asker.close();
  return quantile(deep, 0.99) / quantile(first, 0.99);
}

export async function depth(platform: Platform, reader: SignedIn, pairs: number): Promise<Measure> {
  let cursor: string | undefined;
  for (let page = 1; page < deepPage; page += 1) {
    const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await fetch(`http://127.0.0.1:${platform.port}/api/feeds/popular?sort=hot${query}`, { headers: reader.headers });
    const { nextCursor } = (await answer.json()) as Page;
    if (nextCursor === null) throw new Error(`the feed ends at page ${page}: seed more posts`);
    cursor = nextCursor;
  }
  const found: number[] = [];
  for (let block = 0; block < pairs; block += 1) found.push(await depthRatio(platform, reader, cursor));
  return measured({ id: 'P8', title: `p99 at page ${deepPage} ÷ page 1`, unit: '×', must: 1.2, aim: 1.05, better: 'less' }, found);
}
