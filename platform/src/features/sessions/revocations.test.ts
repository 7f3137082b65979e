import { afterEach, describe, expect, test } from 'vitest';
import { waitUntil } from '../../../test/harness/wait-until.ts';
import type { Database } from '../../db/database.ts';
import type { Reader } from '../../api/reader.ts';
import { createRevocations, type Revocations } from './revocations.ts';

/** A database that knows which sessions ended, and can be away. */
function createFake() {
  const state = {
    revoked: new Set<string>(),
    suspended: new Set<string>(),
    admins: new Set<string>(),
    away: false,
    statements: [] as string[],
    windowSeconds: 0,
  };
  const run = async (query: { name: string }, params: Record<string, unknown>) => {
    state.statements.push(query.name);
    if (state.away) throw new Error('away');
    if (query.name === 'sessions.read_standing') return state.revoked.has(String(params['sessionId'])) ? [] : [{ role: 'user' }];
    state.windowSeconds = Number(params['endedSeconds']);
    const rows = (kind: string, ids: ReadonlySet<string>) => [...ids].map((id) => ({ kind, id }));
    return [...rows('ended-session', state.revoked), ...rows('suspended', state.suspended), ...rows('admin', state.admins)];
  };
  const maybeOne = async (query: { name: string }, params: Record<string, unknown>) => (await run(query, params))[0];
  return { state, db: { run, maybeOne } as unknown as Database };
}

const session = (sessionId: string): Reader => ({ userId: '7', sessionId, role: 'user' });
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
  const running = revocations;
  const isRevoked = async (sessionId: string) => (await running.judge(session(sessionId))) === null;
  return { state, errors, revocations, isRevoked };
}

describe('revocations', () => {
  test('cost a request no statement while they are fresh', async () => {
    const { state, isRevoked } = await started();
    const before = state.statements.length;
    for (let request = 0; request < 100; request += 1) expect(await isRevoked('live')).toBe(false);
    expect(state.statements.slice(before).filter((name) => name === 'sessions.read_standing')).toEqual([]);
  });

  test('made elsewhere are known within a second', async () => {
    const { state, isRevoked } = await started();
    state.revoked.add('ended');
    expect(await isRevoked('ended')).toBe(false);
    await waitUntil('the revocation is known', () => isRevoked('ended'), 1000);
  });

  test('made here are known at once', async () => {
    const { revocations, isRevoked } = await started();
    revocations.add(['mine']);
    expect(await isRevoked('mine')).toBe(true);
  });

  test('fail closed: a stale set asks the database, and an answer that cannot be had is an error', async () => {
    let time = 0;
    const { state, revocations, isRevoked } = await started(() => time);
    state.away = true;
    await waitUntil('a reading failed', () => state.statements.length >= 2);
    expect(await isRevoked('live')).toBe(false);
    time += 1001;
    expect(revocations.isFresh()).toBe(false);
    await expect(isRevoked('live')).rejects.toThrow('away');
    state.away = false;
    state.revoked.add('ended');
    expect(await isRevoked('ended')).toBe(true);
    expect(await isRevoked('live')).toBe(false);
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
    const { state, revocations, isRevoked } = await started(() => time);
    revocations.add(['old']);
    time += 631_000;
    const readings = state.statements.length;
    await waitUntil('another reading', () => state.statements.length > readings + 1);
    expect(await isRevoked('old')).toBe(false);
  });

  test('of an account hold for every session it has, and a role is the one of today, in both directions', async () => {
    const { state, revocations } = await started();
    const reader = session('live');
    expect(await revocations.judge(reader)).toBe(reader);
    state.admins.add(reader.userId);
    await waitUntil('the new role is known', () => revocations.judgeLocally(reader)?.role === 'admin', 1000);
    state.admins.clear();
    await waitUntil('the old role is gone', () => revocations.judgeLocally({ ...reader, role: 'admin' })?.role === 'user', 1000);
    state.suspended.add(reader.userId);
    await waitUntil('the suspension is known', () => revocations.judgeLocally(reader) === null, 1000);
    state.suspended.clear();
    await waitUntil('the reinstatement is known', () => revocations.judgeLocally(reader) === reader, 1000);
  });
});
