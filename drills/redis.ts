/**
 * Drill: does anything fail when Redis does? Members of both kinds, a browser's with cookies and a program's with a Bearer
 * token, browse and post without a pause while Redis is stopped, killed, stalled, emptied and started again, and once more
 * on a stack that never had one. No answer of 500 or above, none unexpected, nothing acknowledged missing.
 * With --control PostgreSQL is killed instead: the drill then has to end with 1.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { audit, createLedger } from './lib/ledger.ts';
import type { Ledger } from './lib/ledger.ts';
import { anonymous, foundSanctum, register } from './lib/member.ts';
import type { Member } from './lib/member.ts';
import { withStack } from './lib/stack.ts';
import type { DrillStack } from './lib/stack.ts';
import { commandsProcessed } from './lib/redis-command.ts';
import { renderTable, say } from './lib/table.ts';
import { createPhase, phaseHead } from './redis/phase.ts';
import type { Phase } from './redis/phase.ts';
import { controlStates, redisStates } from './redis/states.ts';
import type { RedisState } from './redis/states.ts';
import { lookAround, revokeSecondDevice, visit } from './redis/visit.ts';

/** Longer than the platform's breaker and command timeouts, so that every state is met both fresh and settled. */
const phaseMs = 5_000;
const membersPerKind = 6;
/** Between two visits of one member; with it nobody comes near a rate limit. */
const pauseMsMax = 1_500;
/** Everything comes from one address. Small, because a process leases points in batches: high limits hardly ask Redis. */
const env = { RATE_LIMIT_FACTOR: '3' };
const flags = ['--no-web', '--no-seed'];

interface Crowd {
  readonly members: readonly Member[];
  readonly sanctum: string;
  /** Somebody who is not signed in. */
  readonly reader: Pick<Member, 'request'>;
}

interface Result {
  readonly phases: readonly Phase[];
  readonly acknowledged: number;
  readonly contradictions: readonly string[];
}

/** Enters a state while everybody is in the middle of a visit, and lets them go on for a while. */
async function runPhase(state: RedisState, crowd: Crowd, ledger: Ledger): Promise<Phase> {
  const { members, sanctum } = crowd;
  say(`· Redis ${state.name}`);
  const phase = createPhase(state.name);
  const end = new AbortController();
  const visits = members.map(async (member) => {
    while (!end.signal.aborted) {
      await visit(member, sanctum, ledger, phase);
      await lookAround(crowd.reader, phase);
      await wait(randomInt(pauseMsMax));
    }
  });
  try {
    await state.reach();
    for (const member of [members[0], members.at(-1)]) if (member !== undefined) await revokeSecondDevice(member, phase);
    const before = state.servedAt === undefined ? 0 : await commandsProcessed(state.servedAt);
    await wait(phaseMs);
    if (state.servedAt !== undefined) phase.usedRedis((await commandsProcessed(state.servedAt)) - before);
  } finally {
    end.abort();
    await Promise.all(visits);
  }
  return phase;
}

async function drill(stack: DrillStack, states: readonly RedisState[]): Promise<Result> {
  const members: Member[] = [];
  for (const credentials of ['cookie', 'token'] as const)
    for (let count = 0; count < membersPerKind; count += 1) members.push(await register(stack.url, credentials));
  const crowd = { members, sanctum: await foundSanctum(members), reader: anonymous(stack.url) };
  const ledger = createLedger(`drill ${randomBytes(6).toString('hex')}`);
  const phases: Phase[] = [];
  for (const state of states) phases.push(await runPhase(state, crowd, ledger));
  return { phases, acknowledged: ledger.count(), contradictions: await audit(ledger, stack.addresses().databaseUrl) };
}

async function main(isControl: boolean): Promise<boolean> {
  const results: Result[] = [];
  await withStack(
    { flags, env },
    async (stack) => void results.push(await drill(stack, isControl ? controlStates(stack) : redisStates(stack))),
  );
  const neverThere: RedisState = { name: 'never there', reach: async () => {} };
  if (!isControl)
    await withStack({ flags: [...flags, '--no-redis'], env }, async (stack) => void results.push(await drill(stack, [neverThere])));

  const phases = results.flatMap((result) => result.phases);
  const acknowledged = results.reduce((sum, result) => sum + result.acknowledged, 0);
  const complaints = [...phases.flatMap((phase) => phase.complaints()), ...results.flatMap((result) => result.contradictions)];
  const idle = phases.filter((phase) => phase.requests() === 0);
  complaints.push(...idle.map((phase) => `${phase.name}: nothing was asked, so nothing is proven`));
  if (acknowledged === 0) complaints.push('nothing was acknowledged, so nothing is proven');
  process.stdout.write(`${renderTable([phaseHead, ...phases.map((phase) => phase.line())])}\n\n`);
  process.stdout.write(
    `${acknowledged} posts, comments and likes acknowledged, ${results.flatMap((result) => result.contradictions).length} contradictions\n`,
  );
  for (const complaint of complaints) process.stdout.write(`FAILED ${complaint}\n`);
  return complaints.length === 0;
}

const { values } = parseArgs({ options: { control: { type: 'boolean', default: false } } });
process.exitCode = (await main(values.control)) ? 0 : 1;
