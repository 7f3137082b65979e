import { expect, test } from 'vitest';
import { waitUntil } from '../../test/harness/wait-until.ts';
import { type Bulkheads, createBulkheads } from './bulkheads.ts';
import { type PooledKind, pooledKinds, shares } from './kinds.ts';

function open(options: { poolMax?: number; waitersMax?: number; waitMs?: number; onRefused?: (kind: PooledKind) => void } = {}): Bulkheads {
  return createBulkheads({ poolMax: 10, waitersMax: 100, waitMs: 60_000, shares, ...options });
}

/** Takes as many connections of a kind as it may hold at once. */
function fill(bulkheads: Bulkheads, kind: PooledKind): number {
  const { heldMax } = stateOf(bulkheads, kind);
  let held = 0;
  while (held < heldMax && bulkheads.enter(kind) === undefined) held += 1;
  return held;
}

function stateOf(bulkheads: Bulkheads, kind: PooledKind) {
  const state = bulkheads.states().find((one) => one.kind === kind);
  if (state === undefined) throw new Error(`there is no bulkhead for ${kind}`);
  return state;
}

test('the shares leave everyone something: what is kept fits the pool, and all waiters together are those of the kinds', () => {
  const all = pooledKinds.map((kind) => shares[kind]);
  expect(all.reduce((sum, { kept }) => sum + kept, 0)).toBeLessThanOrEqual(1);
  expect(all.reduce((sum, { waiters }) => sum + waiters, 0)).toBeCloseTo(1, 9);
  for (const { kept, most } of all) expect(most).toBeGreaterThanOrEqual(kept);
});

test.each([10, 20, 100])('in a pool of %i, four kinds that take all they can leave the fifth what is kept for it', (poolMax) => {
  for (const last of pooledKinds) {
    const bulkheads = open({ poolMax });
    let held = 0;
    for (const kind of pooledKinds.filter((one) => one !== last)) held += fill(bulkheads, kind);
    expect(held).toBeGreaterThanOrEqual(4);
    expect(bulkheads.enter(last)).toBeUndefined();
    expect(bulkheads.states().reduce((sum, state) => sum + state.held, 0)).toBeLessThanOrEqual(poolMax);
  }
});

test('a pool of one connection serves one kind after the other', async () => {
  const bulkheads = open({ poolMax: 1 });
  expect(bulkheads.enter('search')).toBeUndefined();
  const read = bulkheads.enter('read');
  expect(read).toBeInstanceOf(Promise);
  bulkheads.leave('search');
  await read;
  expect(stateOf(bulkheads, 'read').held).toBe(1);
});

test('waiters of a kind enter in the order in which they came', async () => {
  const bulkheads = open();
  fill(bulkheads, 'search');
  const entered: number[] = [];
  const waiting = [1, 2, 3].map(async (number) => {
    await bulkheads.enter('search');
    entered.push(number);
  });
  for (let count = 0; count < 3; count += 1) bulkheads.leave('search');
  await Promise.all(waiting);
  expect(entered).toEqual([1, 2, 3]);
});

test('one waiter too many is refused at once with a time to come back, and the other kinds do not notice', () => {
  const refused: PooledKind[] = [];
  const bulkheads = open({ onRefused: (kind) => refused.push(kind) });
  fill(bulkheads, 'search');
  const { waitingMax } = stateOf(bulkheads, 'search');
  expect(waitingMax).toBeGreaterThan(0);
  for (let count = 0; count < waitingMax; count += 1) expect(bulkheads.enter('search')).toBeInstanceOf(Promise);
  expect(() => bulkheads.enter('search')).toThrow(expect.objectContaining({ code: 'server.busy', retryAfterSeconds: 1 }));
  expect(refused).toEqual(['search']);
  for (const kind of pooledKinds.filter((one) => one !== 'search')) expect(bulkheads.enter(kind)).toBeUndefined();
});

test('a waiter who waited long enough is refused and leaves no trace', async () => {
  const bulkheads = open({ waitMs: 10 });
  const held = fill(bulkheads, 'search');
  await expect(bulkheads.enter('search')).rejects.toMatchObject({ code: 'server.busy' });
  await waitUntil('the waiter is gone', () => stateOf(bulkheads, 'search').waiting === 0);
  for (let count = 0; count < held; count += 1) bulkheads.leave('search');
  expect(stateOf(bulkheads, 'search').held).toBe(0);
});
