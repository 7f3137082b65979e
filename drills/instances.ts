/**
 * Drill: does anybody notice that an instance is gone? Three instances stand behind the proxy; readers read and like, writers write, while one instance
 * after the other is killed with -9, paused, and stopped, and `sanctum-ops up` mends it. No request that may be repeated fails, nothing acknowledged is
 * lost or doubled, a session that is ended at one instance is refused at the others within a second, doctor names the dead one first. With Redis,
 * and without. With --control the proxy asks no other instance when one dies: the drill then has to end with 1.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createCounts, write } from './crash/writer.ts';
import type { WriterCounts } from './crash/writer.ts';
import { readOn } from './instances/reader.ts';
import type { Reads } from './instances/reader.ts';
import { audit, createLedger } from './lib/ledger.ts';
import { at, foundSanctum, idOf, register } from './lib/member.ts';
import type { Member } from './lib/member.ts';
import { withStack } from './lib/stack.ts';
import type { DrillStack } from './lib/stack.ts';
import { renderTable, say } from './lib/table.ts';

const instances = 3;
const readers = 6;
const writers = 4;
const readsPerStepMin = 300;
const stepTimeoutMs = 60_000;
const pollMs = 10;
const looksMax = 3;
const revocationMsMax = 1_000;
const flags = ['--no-web', '--no-seed', '--instances', String(instances)];
// A neighbour's load on this machine is no reason to refuse: what is looked for is the loss of an instance.
const env = { RATE_LIMIT_FACTOR: '100000', EVENT_LOOP_DELAY_MAX_MS: '60000' };

const statusShape = z.object({
  processes: z.object({ proxy: z.object({ pid: z.number() }) }),
  instances: z.array(z.object({ instance: z.number(), state: z.string(), pid: z.number().nullable(), port: z.number().nullable() })),
});
const doctorShape = z.object({ causes: z.array(z.object({ id: z.string(), title: z.string() })) });

type Line = (string | number)[];
type Signal = 'SIGKILL' | 'SIGTERM';

interface Crowd {
  readonly members: readonly Member[];
  readonly sanctum: string;
  readonly postId: string;
}

interface Scene {
  readonly stack: DrillStack;
  readonly reads: Reads;
  readonly counts: WriterCounts;
  readonly complaints: string[];
}

async function look(stack: DrillStack) {
  return statusShape.parse(JSON.parse((await stack.ops(['status', '--json'])).stdout));
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + stepTimeoutMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`it did not happen within ${stepTimeoutMs} ms: ${what}`);
    await wait(pollMs);
  }
}

/** A machine that is busy may keep one look from seeing everything: the next one has to. */
async function expectNamed(stack: DrillStack, number: number, complaints: string[]): Promise<void> {
  let first = 'nothing';
  for (let look = 0; look < looksMax; look += 1) {
    const [named] = doctorShape.parse(JSON.parse((await stack.ops(['doctor', '--json'])).stdout)).causes;
    if (named?.id === 'platform-ended' && named.title.includes(`Instance ${number} of ${instances}`)) return;
    first = named === undefined ? 'nothing' : `${named.id}: ${named.title}`;
  }
  complaints.push(`doctor names first ${first}, and instance ${number} is gone`);
}

/** Ends one instance under load, looks at what doctor says, mends it, and lets everybody go on. */
async function endOne({ stack, reads, counts, complaints }: Scene, number: number, signal: Signal): Promise<Line> {
  say(`· ${signal} to instance ${number}`);
  const pid = (await look(stack)).instances.find((one) => one.instance === number)?.pid;
  if (typeof pid !== 'number') throw new Error(`status knows no running instance ${number}`);
  const before = { asked: reads.asked, failed: reads.failed, ...counts };
  const readOnFor = () => {
    const from = reads.asked;
    return until('the readers read on', () => reads.asked >= from + readsPerStepMin);
  };
  await readOnFor();
  process.kill(pid, signal);
  await readOnFor();
  await expectNamed(stack, number, complaints);
  await stack.up();
  await readOnFor();
  const states = (await look(stack)).instances.map((one) => one.state);
  if (states.length !== instances || states.some((state) => state !== 'ready'))
    complaints.push(`after up the instances are ${states.join(', ')}`);
  return [
    `${signal} ${number}`,
    reads.asked - before.asked,
    reads.failed - before.failed,
    counts.acknowledged - before.acknowledged,
    counts.unanswered + counts.refused - before.unanswered - before.refused,
    counts.replayed - before.replayed,
  ];
}

/** Signs in, ends that session at one instance, and asks the others until they refuse it. */
async function revoke({ stack, complaints }: Scene, member: Member): Promise<void> {
  const ports = (await look(stack)).instances.map((one) => one.port);
  const second = await member.signInAgain();
  const [here, ...elsewhere] = ports.map((port) => at(second, `http://127.0.0.1:${port}`));
  if (here === undefined || elsewhere.length === 0) throw new Error('there are not several instances');
  for (const one of [here, ...elsewhere]) {
    const { status } = await one.request('GET', '/api/me');
    if (status !== 200) complaints.push(`a new session got ${status} at an instance, so nothing is proven of its end`);
  }
  const ended = await here.request('POST', '/api/auth/sign-out', { body: {} });
  if (ended.status !== 204) complaints.push(`signing out answered ${ended.status}: ${ended.text.slice(0, 160)}`);
  const deadline = performance.now() + revocationMsMax;
  for (const one of elsewhere) {
    for (;;) {
      const { status } = await one.request('GET', '/api/me');
      if (status === 401) break;
      if (performance.now() > deadline) {
        complaints.push(`a session that was ended at one instance still got ${status} at another after ${revocationMsMax} ms`);
        break;
      }
      await wait(pollMs);
    }
  }
}

/** The control: a proxy that leaves every request to the instance that it asked first. */
async function forbidOthers(stack: DrillStack): Promise<void> {
  const file = join(stack.home, 'proxy/nginx.conf');
  const text = readFileSync(file, 'utf8');
  const changed = text.replace('proxy_next_upstream error timeout;', 'proxy_next_upstream off;');
  if (changed === text) throw new Error('the control found nothing to change in the configuration of the proxy');
  writeFileSync(file, changed);
  process.kill((await look(stack)).processes.proxy.pid, 'SIGHUP');
}

async function gather(stack: DrillStack): Promise<Crowd> {
  const members: Member[] = [];
  for (let count = 0; count < readers + writers; count += 1) members.push(await register(stack.url, count % 2 === 0 ? 'token' : 'cookie'));
  const sanctum = await foundSanctum(members);
  const post = await members[0]?.request('POST', `/api/sanctums/${sanctum}/posts`, { body: { kind: 'text', title: 'Read by all' } });
  if (post === undefined || post.status !== 201) throw new Error(`the post of the drill could not be written: ${post?.text}`);
  return { members, sanctum, postId: idOf(post) };
}

async function drill(name: string, stack: DrillStack, isControl: boolean): Promise<{ lines: Line[]; complaints: string[] }> {
  const { members, sanctum, postId } = await gather(stack);
  if (isControl) await forbidOthers(stack);
  const ledger = createLedger(`drill ${randomBytes(6).toString('hex')}`);
  const scene: Scene = { stack, reads: { asked: 0, failed: 0, complaints: [] }, counts: createCounts(), complaints: [] };
  const { reads, counts, complaints } = scene;
  const end = new AbortController();
  const crowd = [
    ...members.slice(0, readers).map((member) => readOn(member, postId, reads, end.signal)),
    ...members.slice(readers).map((member) => write(member, sanctum, ledger, counts, end.signal)),
  ];
  const lines: Line[] = [];
  try {
    for (let number = 1; number <= instances; number += 1) lines.push([name, ...(await endOne(scene, number, 'SIGKILL'))]);
    for (let number = 1; number <= instances && !isControl; number += 1) lines.push([name, ...(await endOne(scene, number, 'SIGTERM'))]);
    for (const member of members.slice(0, 2)) await revoke(scene, member);
  } finally {
    end.abort();
    await Promise.all(crowd);
  }
  if (counts.acknowledged === 0) complaints.push('nothing was acknowledged, so nothing is proven');
  complaints.push(...reads.complaints, ...counts.complaints, ...(await audit(ledger, stack.addresses().databaseUrl)));
  return { lines, complaints: complaints.map((complaint) => `${name}: ${complaint}`) };
}

async function main(isControl: boolean): Promise<boolean> {
  const results: { lines: Line[]; complaints: string[] }[] = [];
  await withStack({ flags, env }, async (stack) => {
    if (stack.addresses().redisUrl === undefined) throw new Error('this stack has no Redis: run make tools, then the drill again');
    results.push(await drill('with Redis', stack, isControl));
  });
  if (!isControl)
    await withStack({ flags: [...flags, '--no-redis'], env }, async (stack) => void results.push(await drill('without', stack, false)));
  const head = ['Redis', 'ended', 'may be repeated', 'failed', 'acknowledged', 'repeated by clients', 'answers given again'];
  process.stdout.write(`${renderTable([head, ...results.flatMap(({ lines }) => lines)])}\n\n`);
  const complaints = results.flatMap((result) => result.complaints);
  for (const complaint of complaints) process.stdout.write(`FAILED ${complaint}\n`);
  return complaints.length === 0;
}

const { values } = parseArgs({ options: { control: { type: 'boolean', default: false } } });
process.exitCode = (await main(values.control)) ? 0 : 1;
