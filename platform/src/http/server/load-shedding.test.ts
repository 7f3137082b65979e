import { expect, test } from 'vitest';
import { waitUntil } from '../../../test/harness/wait-until.ts';
import { createLoadShedding } from './load-shedding.ts';

const idlePool = () => ({ total: 1, idle: 1, waiting: 0, max: 1 });

function block(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until) {
    // Burning time is the point.
  }
}

test('an event loop that runs late is overload, and one that runs on time again is not', async () => {
  const shedding = createLoadShedding({ eventLoopDelayMaxMs: 30, pool: idlePool, waitersMax: 10 });
  expect(shedding.reason()).toBeUndefined();
  await waitUntil('the late loop is noticed', () => {
    block(60);
    return shedding.reason() === 'event-loop';
  });
  expect(shedding.eventLoopDelay().p50Ms).toBeGreaterThan(30);
  await waitUntil('the recovery is noticed', () => shedding.reason() === undefined);
  shedding.stop();
});

test('a full queue for connections is overload', () => {
  let waiting = 9;
  const shedding = createLoadShedding({ eventLoopDelayMaxMs: 1000, pool: () => ({ total: 1, idle: 0, waiting, max: 1 }), waitersMax: 10 });
  expect(shedding.reason()).toBeUndefined();
  waiting = 10;
  expect(shedding.reason()).toBe('pool');
  shedding.stop();
});
