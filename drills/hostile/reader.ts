/** A signed-in person who reads what people read, and a load balancer that asks whether the instance may get traffic. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Member } from '../lib/member.ts';

const pauseMs = 5;
const readyEveryMs = 250;
/** What load balancers wait for readiness, as a rule. */
const readyTimeoutMs = 1000;

export interface Reading {
  readonly requests: number;
  readonly failures: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly readyAsked: number;
  readonly readyNo: number;
}

/** Walks over feeds, looks into a sanctum and at the own account, for so long. Several people in turns: one alone would meet the limit of readers. */
export async function read(members: readonly Member[], url: string, sanctumName: string, durationMs: number): Promise<Reading> {
  const end = performance.now() + durationMs;
  const [pages, ready] = await Promise.all([readPages(members, sanctumName, end), askReady(url, end)]);
  return { ...pages, ...ready };
}

async function readPages(members: readonly Member[], sanctumName: string, end: number) {
  const latenciesMs: number[] = [];
  let failures = 0;
  const cursors = members.map((): string | undefined => undefined);
  for (let turn = 0; performance.now() < end; turn += 1) {
    const index = turn % members.length;
    const member = members[index];
    if (member === undefined) throw new Error('nobody reads');
    const cursor = cursors[index];
    const next = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    for (const path of [`/api/feeds/popular${next}`, '/api/feeds/home', `/api/sanctums/${sanctumName}/posts?sort=new`, '/api/me']) {
      const answer = await member.request('GET', path);
      latenciesMs.push(answer.durationMs);
      if (answer.status !== 200) failures += 1;
      else if (path.startsWith('/api/feeds/popular'))
        cursors[index] = (JSON.parse(answer.text) as { nextCursor: string | null }).nextCursor ?? undefined;
      await wait(pauseMs);
    }
  }
  const sorted = latenciesMs.toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { requests: sorted.length, failures, p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function askReady(url: string, end: number) {
  let readyAsked = 0;
  let readyNo = 0;
  while (performance.now() < end) {
    readyAsked += 1;
    if (!(await isReady(url))) readyNo += 1;
    await wait(readyEveryMs);
  }
  return { readyAsked, readyNo };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(new URL('/ready', url), { signal: AbortSignal.timeout(readyTimeoutMs) })).ok;
  } catch {
    return false; // No answer in time is what a load balancer counts as a no.
  }
}
