import { afterEach, describe, expect, test } from 'vitest';
import { waitUntil } from '../../../test/harness/wait-until.ts';
import type { Database } from '../../db/database.ts';
import { createRevocations, type Revocations } from './revocations.ts';

/** A database that knows which sessions ended, and can be away. */
function createFake() {
  const state = { revoked: new Set<string>(), away: false, statements: [] as string[], windowSeconds: 0 };
  const run = async (query: { name: string }, params: Record<string, unknown>) => {
    state.statements.push(query.name);
    if (state.away) throw new Error('away');
    if (query.name === 'sessions.is_live') return [{ live: !state.revoked.has(String(params['sessionId'])) }];
    state.windowSeconds = Number(params['windowSeconds']);
    return [...state.revoked].map((id) => ({ id }));
  };
  const one = async (query: { name: string }, params: Record<string, unknown>) => (await run(query, params))[0];
  return { state, db: { run, one } as unknown as Database };
}

let revocations: Revocations | undefined;
afterEach(() => revocations?.stop());

async function started(now?: () => number) {
  const { state, db } = createFake();
  const errors: unknown[] = [];
  revocations = createRevocations({
    db,
    accessLifetimeSeconds: 600,
    onError: (error) => errors.push(error),
    ...(now === undefined ? {} : { now }),
  });
  await revocations.start();
  return { state, errors, revocations };
}

describe('revocations', () => {
  test('cost a request no statement while they are fresh', async () => {
    const { state, revocations } = await started();
    const before = state.statements.length;
    for (let request = 0; request < 100; request += 1) expect(await revocations.isRevoked('live')).toBe(false);
    expect(state.statements.slice(before).filter((name) => name === 'sessions.is_live')).toEqual([]);
  });

  test('made elsewhere are known within a second', async () => {
    const { state, revocations } = await started();
    state.revoked.add('ended');
    expect(await revocations.isRevoked('ended')).toBe(false);
    await waitUntil('the revocation is known', () => revocations.isRevoked('ended'), 1000);
  });

  test('made here are known at once', async () => {
    const { revocations } = await started();
    revocations.add(['mine']);
    expect(await revocations.isRevoked('mine')).toBe(true);
  });

  test('fail closed: a stale set asks the database, and an answer that cannot be had is an error', async () => {
    let time = 0;
    const { state, revocations } = await started(() => time);
    state.away = true;
    await waitUntil('a reading failed', () => state.statements.length >= 2);
    expect(await revocations.isRevoked('live')).toBe(false);
    time += 1001;
    expect(revocations.isFresh()).toBe(false);
    await expect(revocations.isRevoked('live')).rejects.toThrow('away');
    state.away = false;
    state.revoked.add('ended');
    expect(await revocations.isRevoked('ended')).toBe(true);
    expect(await revocations.isRevoked('live')).toBe(false);
  });

  test('are read again for the whole time the database was away, at most for the life of an access token', async () => {
    let time = 0;
    const { state, errors } = await started(() => time);
    expect(state.windowSeconds).toBe(630);
    await waitUntil('a second reading', () => state.statements.length >= 2);
    expect(state.windowSeconds).toBe(30);
    state.away = true;
    await waitUntil('two readings failed', () => state.statements.length >= 5);
    expect(errors).toHaveLength(1);
    time += 100_000;
    state.away = false;
    await waitUntil('a good reading', () => state.windowSeconds > 30);
    expect(state.windowSeconds).toBe(130);
  });

  test('are forgotten when the last access token is gone: the set does not grow for ever', async () => {
    let time = 0;
    const { state, revocations } = await started(() => time);
    revocations.add(['old']);
    time += 631_000;
    const readings = state.statements.length;
    await waitUntil('another reading', () => state.statements.length > readings + 1);
    expect(await revocations.isRevoked('old')).toBe(false);
  });
});
