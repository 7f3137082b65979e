import { expect, test } from 'vitest';
import { createRateLimiter } from '../../limits/rate-limiter.ts';
import { createInProcessStore } from '../../redis/in-process-store.ts';
import { type Store, StoreUnavailable } from '../../redis/store.ts';
import { createRefusedCredentials } from './refused-credentials.ts';

const points = 30;
const reader = { userId: '1', sessionId: 's', role: 'user' } as const;
const away: Store = { ...createInProcessStore(), increment: () => Promise.reject(new StoreUnavailable('away')) };

function started(store: Store) {
  const limits = { refusedCredentials: { points, windowSeconds: 3600, per: 'address' } } as const;
  return createRefusedCredentials({ points: createRateLimiter({ store, limits }) });
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'passed',
    (error: { code?: string }) => String(error.code),
  );
}

test.each([
  ['with the store', createInProcessStore()],
  ['without the store', away],
])('a network without points is refused without a look, %s; others are looked at', async (_, store) => {
  const refusals = started(store);
  let looks = 0;
  const find = async (found: typeof reader | null) => {
    looks += 1;
    return found;
  };
  for (let number = 0; number < points; number += 1)
    expect(await codeOf(refusals.attempt('a', () => find(null)))).toBe('auth.token_invalid');
  expect(looks).toBe(points);
  expect(await codeOf(refusals.attempt('a', () => find(reader)))).toBe('request.rate_limited');
  expect(looks).toBe(points);
  expect(await codeOf(refusals.attempt('b', () => find(reader)))).toBe('passed');
});

test('what holds, and what could not be judged, takes no point', async () => {
  const refusals = started(createInProcessStore());
  for (let number = 0; number < 2 * points; number += 1) {
    expect(await codeOf(refusals.attempt('a', async () => reader))).toBe('passed');
    expect(await codeOf(refusals.attempt('a', () => Promise.reject(new Error('the database is away'))))).toBe('undefined');
  }
  expect(await codeOf(refusals.attempt('a', async () => null))).toBe('auth.token_invalid');
});
