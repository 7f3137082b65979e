/**
 * Drill: is what was acknowledged there, once? Members write without a pause while the platform and PostgreSQL are killed with
 * -9 in turn and started again by `sanctum-ops up`; then the ledger of what was acknowledged is held against the database.
 * With --control one row is taken away and one doubled before the comparison: the drill then has to end with 1.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createCounts, write } from './crash/writer.ts';
import type { WriterCounts } from './crash/writer.ts';
import { audit, createLedger, plantViolations, withDatabase } from './lib/ledger.ts';
import { foundSanctum, register } from './lib/member.ts';
import type { Member } from './lib/member.ts';
import { withStack } from './lib/stack.ts';
import type { DrillStack, Part } from './lib/stack.ts';
import { renderTable, say } from './lib/table.ts';

const writers = 6;
const writesPerCycleMin = 60;
const writesTimeoutMs = 30_000;
const pollMs = 10;
const kills: readonly (readonly Part[])[] = [['platform'], ['postgres'], ['platform'], ['postgres'], ['platform', 'postgres']];
const flags = ['--no-web', '--no-seed'];
const env = { RATE_LIMIT_FACTOR: '1000' };

type Line = (string | number)[];

/** Kills the parts while the writers are at it, starts what is gone, and waits until they write again. */
async function killOnce(stack: DrillStack, parts: readonly Part[], counts: WriterCounts): Promise<Line> {
  const name = parts.join(' and ');
  say(`· kill -9 ${name}`);
  const before = { ...counts };
  const pids: number[] = [];
  for (const part of parts) pids.push(await stack.pid(part));
  await untilWritten(counts, before.acknowledged + writesPerCycleMin);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  const killedAt = performance.now();
  await stack.up();
  const upMs = performance.now() - killedAt;
  const atUp = counts.acknowledged;
  await untilWritten(counts, atUp + writesPerCycleMin);
  if (counts.unanswered + counts.refused === before.unanswered + before.refused)
    counts.complaints.push(`kill -9 ${name}: no writer noticed, so nothing is proven`);
  return [
    name,
    Math.round(upMs),
    counts.acknowledged - before.acknowledged,
    counts.unanswered - before.unanswered,
    counts.refused - before.refused,
    counts.replayed - before.replayed,
  ];
}

async function untilWritten(counts: WriterCounts, acknowledged: number): Promise<void> {
  const deadline = performance.now() + writesTimeoutMs;
  while (counts.acknowledged < acknowledged) {
    if (performance.now() > deadline)
      throw new Error(`the writers got nothing acknowledged for ${writesTimeoutMs} ms: ${counts.complaints.join('; ')}`);
    await wait(pollMs);
  }
}

async function drill(stack: DrillStack, isControl: boolean): Promise<boolean> {
  const members: Member[] = [];
  for (let count = 0; count < writers; count += 1) members.push(await register(stack.url, count % 2 === 0 ? 'token' : 'cookie'));
  const sanctum = await foundSanctum(members);
  const ledger = createLedger(`drill ${randomBytes(6).toString('hex')}`);
  const counts = createCounts();
  const end = new AbortController();
  const writing = members.map((member) => write(member, sanctum, ledger, counts, end.signal));
  const lines: Line[] = [];
  try {
    for (const parts of kills) lines.push(await killOnce(stack, parts, counts));
  } finally {
    end.abort();
    await Promise.all(writing);
  }
  const { databaseUrl } = stack.addresses();
  if (isControl) await withDatabase(databaseUrl, (query) => plantViolations(ledger, query));
  const contradictions = await audit(ledger, databaseUrl);
  const head = ['kill -9', 'up again ms', 'acknowledged', 'unanswered', 'refused', 'replayed'];
  process.stdout.write(`${renderTable([head, ...lines])}\n\n`);
  process.stdout.write(
    `${ledger.count()} posts, comments and likes acknowledged; ${counts.replayed} lost answers given again; ${contradictions.length} contradictions\n`,
  );
  const complaints = [...counts.complaints, ...contradictions];
  if (counts.replayed === 0) complaints.push('no lost answer was ever given again, so nothing is proven of repetitions');
  for (const complaint of complaints) process.stdout.write(`FAILED ${complaint}\n`);
  return complaints.length === 0;
}

const { values } = parseArgs({ options: { control: { type: 'boolean', default: false } } });
await withStack({ flags, env }, async (stack) => {
  process.exitCode = (await drill(stack, values.control)) ? 0 : 1;
});
