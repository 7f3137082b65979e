/**
 * Drill: does one hostile account slow anybody else down? On a stack of its own with many posts, each attack of
 * hostile/attacks/ runs for 25 s while a signed-in reader reads: the reader's p99 stays within 1.5 times of before, nothing the
 * reader asks for fails, and /ready always says yes.
 *
 *   node drills/hostile.ts [--attack <name>]… [--seconds 25] [--posts 150000] [--without-limits]
 *
 * What an attack needs is prepared without rate limits, as if over years; then the stack is started anew, with them. With
 * --without-limits the attacker goes on as fast as the machine allows, which shows what a fault in a limit would cost.
 * With --control the bulkheads are switched off and only forty-who-join runs: the drill then has to end with 1. Wants an idle machine.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seedScale } from '@sanctum/platform/seed-scale';
import { register } from './lib/member.ts';
import type { Member } from './lib/member.ts';
import { withStack } from './lib/stack.ts';
import type { DrillStack } from './lib/stack.ts';
import { renderTable, say } from './lib/table.ts';
import type { AttackerOrders, AttackerReport } from './hostile/attacker.ts';
import { read } from './hostile/reader.ts';
import type { Reading } from './hostile/reader.ts';

const slowdownMax = 1.5;
const warmUpMs = 5000;
const calmMs = 3000;
const aliveEveryMs = 50;
const attacksFolder = join(import.meta.dirname, 'hostile/attacks');
const controlAttack = 'joins-of-a-locked-sanctum';
const flags = ['--no-web', '--no-seed'];
/** While an attack is prepared. */
const unlimited = { RATE_LIMIT_FACTOR: '100000' };
const limited = { RATE_LIMIT_FACTOR: '1' };
const readers = 10;

const { values } = parseArgs({
  options: {
    attack: { type: 'string', multiple: true },
    seconds: { type: 'string', default: '25' },
    posts: { type: 'string', default: '150000' },
    control: { type: 'boolean', default: false },
    'without-limits': { type: 'boolean', default: false },
  },
});

/** The control shows what bulkheads are for: an attack that passed every limit, without them. */
const withoutLimits = values['without-limits'] || values.control;
const bulkheads: Readonly<Record<string, string>> = values.control ? { DATABASE_BULKHEADS: 'false' } : {};

interface Result {
  readonly name: string;
  readonly attacker: AttackerReport;
  readonly before: Reading;
  readonly during: Reading;
}

function attackNames(): readonly string[] {
  const all = readdirSync(attacksFolder).map((file) => basename(file, '.ts'));
  if (values.control) return [controlAttack];
  const unknown = (values.attack ?? []).filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`there is no attack ${unknown.join(', ')}; there are ${all.join(', ')}`);
  return values.attack ?? all;
}

async function attackWhileReading(
  name: string,
  stack: DrillStack,
  reader: readonly Member[],
  orders: AttackerOrders,
  durationMs: number,
): Promise<Result> {
  say(`· ${name}: preparing`);
  const child = fork(join(import.meta.dirname, 'hostile/attacker.ts'), [name, JSON.stringify(orders)]);
  const died = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the attacker ended with ${String(code)} before its time`)));
  died.catch(() => undefined); // Raced below; at the end it is expected.
  try {
    await Promise.race([once(child, 'message'), died]);
    if (!withoutLimits) await startAgain(stack, limited);
    say(`· ${name}: the reader alone`);
    await read(reader, orders.url, orders.sanctumName, warmUpMs);
    const before = await read(reader, orders.url, orders.sanctumName, durationMs);
    say(`· ${name}: attacked`);
    child.send('begin');
    const during = await Promise.race([read(reader, orders.url, orders.sanctumName, durationMs), died]);
    child.send('end');
    const [attacker] = (await Promise.race([once(child, 'message'), died])) as [AttackerReport];
    await wait(calmMs);
    if (!withoutLimits) await startAgain(stack, unlimited);
    return { name, attacker, before, during };
  } finally {
    child.kill('SIGKILL');
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // Nobody has that number any more.
  }
}

/** Counters of the time before would hold the new limits used up. */
async function startAgain(stack: DrillStack, env: Readonly<Record<string, string>>): Promise<void> {
  if (stack.addresses().redisUrl !== undefined) await stack.paste('redis-cli -u "$REDIS_URL" flushall');
  // The platform alone: an attack may hold a connection to the database that it prepared.
  const pid = await stack.pid('platform');
  process.kill(pid, 'SIGTERM');
  while (isAlive(pid)) await wait(aliveEveryMs);
  const again = await stack.ops(['up', '--port', new URL(stack.url).port, '--no-review', ...flags], { ...bulkheads, ...env });
  if (again.exitCode !== 0) throw new Error(`the stack did not start again: ${again.stderr}`);
}

function complaintsOf({ name, attacker, before, during }: Result): string[] {
  const slowdown = during.p99Ms / before.p99Ms;
  return [
    ...(attacker.asked === 0 ? [`${name}: the attacker asked for nothing, so nothing is proven`] : []),
    ...(attacker.failed > 0 ? [`${name}: ${attacker.failed} of the attacker's own requests failed in a way that no limit explains`] : []),
    ...(before.failures > 0 ? [`${name}: ${before.failures} of the reader's requests failed before the attack`] : []),
    ...(during.failures > 0 ? [`${name}: ${during.failures} of the reader's ${during.requests} requests failed`] : []),
    ...(slowdown <= slowdownMax ? [] : [`${name}: the reader's p99 went from ${before.p99Ms.toFixed(1)} to ${during.p99Ms.toFixed(1)} ms`]),
    ...(during.readyNo > 0 ? [`${name}: /ready said no ${during.readyNo} of ${during.readyAsked} times`] : []),
  ];
}

const head = ['attack', 'asked', 'refused', 'reader p50 before', 'during', 'p99 before', 'during', '÷', 'failed', '/ready no'];

function line({ name, attacker, before, during }: Result): (string | number)[] {
  const ms = (value: number) => value.toFixed(1);
  return [
    name,
    attacker.asked,
    attacker.refused,
    ms(before.p50Ms),
    ms(during.p50Ms),
    ms(before.p99Ms),
    ms(during.p99Ms),
    (during.p99Ms / before.p99Ms).toFixed(2),
    `${during.failures}/${during.requests}`,
    `${during.readyNo}/${during.readyAsked}`,
  ];
}

async function drill(stack: DrillStack): Promise<readonly Result[]> {
  const { databaseUrl } = stack.addresses();
  say(`· seeding ${values.posts} posts`);
  const scale = await seedScale({ databaseUrl, posts: Number(values.posts), comments: 1000, users: 2000 });
  const reader = await Promise.all(Array.from({ length: readers }, () => register(stack.url, 'token')));
  for (const member of reader)
    for (let number = 1; number <= 5; number += 1) await member.request('PUT', `/api/sanctums/sanctum_${number}/membership`);
  const orders: AttackerOrders = { url: stack.url, databaseUrl, sanctumName: scale.sanctumName };
  await read(reader, orders.url, orders.sanctumName, warmUpMs);
  const results: Result[] = [];
  for (const name of attackNames()) results.push(await attackWhileReading(name, stack, reader, orders, Number(values.seconds) * 1000));
  return results;
}

async function main(): Promise<boolean> {
  let results: readonly Result[] = [];
  const env = { ...unlimited, ...bulkheads };
  await withStack({ flags, env }, async (stack) => {
    results = await drill(stack);
  });
  process.stdout.write(`${renderTable([head, ...results.map(line)])}\n\n`);
  const complaints = results.flatMap(complaintsOf);
  if (results.length === 0) complaints.push('no attack ran, so nothing is proven');
  for (const complaint of complaints) process.stdout.write(`FAILED ${complaint}\n`);
  return complaints.length === 0;
}

process.exitCode = (await main()) ? 0 : 1;
