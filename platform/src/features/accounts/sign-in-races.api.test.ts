/** What a password is worth at the moment in which it stops to be one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomBytes } from 'node:crypto';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { waitUntil } from '../../../test/harness/wait-until.ts';
import { createAccessTokens } from '../sessions/access-tokens.ts';
import { createRefreshTokens } from '../sessions/refresh-tokens.ts';
import { createSessions } from '../sessions/sessions.service.ts';
import { createAccounts } from './accounts.service.ts';
import { createHashingGate } from './hashing-gate.ts';
import { createKnownDevices } from './known-devices.ts';
import { createPasswords, type Passwords } from './passwords.ts';

const newPassword = 'another fine secret';
const tries = 20;
const signInsPerTry = 3;
let host: TestApp;

beforeAll(async () => {
  host = await createTestApp({ environment: { RATE_LIMIT_FACTOR: '1000' } });
});
afterAll(() => host.close());

function signIn(person: SignedUpUser, headers: Record<string, string> = {}) {
  return host.app.inject({
    method: 'POST',
    url: '/api/auth/sign-in',
    payload: { name: person.user.username, password: person.password, credentials: 'token' },
    headers,
  });
}

function changePassword(person: SignedUpUser) {
  return host.app.inject({
    method: 'PUT',
    url: '/api/me/password',
    headers: person.headers,
    payload: { currentPassword: person.password, newPassword },
  });
}

function refresh(refreshToken: string) {
  return host.app.inject({ method: 'POST', url: '/api/auth/refresh', payload: { refreshToken } });
}

async function liveSessions(userId: string): Promise<number> {
  const { rows } = await host.client.query<{ count: number }>(
    `select count(*)::integer as count from sessions where user_id = $1 and revoked_at is null`,
    [userId],
  );
  return rows[0]?.count ?? -1;
}

/** Statements on `users` stop behind this lock, as they do while a password change commits. */
async function whileLocked(userId: string, meanwhile: () => Promise<void>, inside: string, values: unknown[]): Promise<void> {
  await host.client.query('begin');
  try {
    await host.client.query(`select from users where id = $1 for no key update`, [userId]);
    await meanwhile();
    await host.client.query(inside, values);
    await host.client.query('commit');
  } catch (error) {
    await host.client.query('rollback');
    throw error;
  }
}

describe('a password change', () => {
  test('leaves no session alive that the old password opened, however close they come', async () => {
    for (let number = 0; number < tries; number += 1) {
      const person = await host.signUp();
      const [change, ...answers] = await Promise.all([
        changePassword(person),
        ...Array.from({ length: signInsPerTry }, () => signIn(person)),
      ]);
      expect(change.statusCode).toBe(204);
      for (const answer of answers) expect([200, 401]).toContain(answer.statusCode);
      expect({ number, live: await liveSessions(person.user.id) }).toEqual({ number, live: 1 });
    }
  });

  test('refuses every sign-in that proved the old password before it and opens its session after it', async () => {
    const slow = createSlowAccounts();
    for (let number = 0; number < tries; number += 1) {
      const person = await host.signUp();
      const { proved, goOn, signIns } = slow.signIn(person, signInsPerTry);
      await proved;
      expect((await changePassword(person)).statusCode).toBe(204);
      goOn();
      for (const outcome of await signIns)
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'auth.credentials_wrong' } });
      expect({ number, live: await liveSessions(person.user.id) }).toEqual({ number, live: 1 });
    }
  });

  test('refuses a sign-in whose password was right when it was looked at', async () => {
    const person = await host.signUp();
    const other = await host.signUp();
    const { rows } = await host.client.query<{ password_hash: string }>(`select password_hash from users where id = $1`, [other.user.id]);
    let answer: ReturnType<typeof signIn> | undefined;
    await whileLocked(
      person.user.id,
      async () => {
        answer = signIn(person);
        await waitForLockOn(host, 'sessions.create');
      },
      `update users set password_hash = $2 where id = $1`,
      [person.user.id, rows[0]?.password_hash],
    );
    expect((await answer)?.json().code).toBe('auth.credentials_wrong');
    expect(await liveSessions(person.user.id)).toBe(1);
  });

  test('is not undone by a refresh that runs beside it', async () => {
    for (let number = 0; number < tries; number += 1) {
      const person = await host.signUp();
      const other = (await signIn(person)).json();
      const [change, refreshed] = await Promise.all([changePassword(person), refresh(other.refreshToken)]);
      expect(change.statusCode).toBe(204);
      if (refreshed.statusCode === 200) expect((await refresh(refreshed.json().refreshToken)).statusCode).toBe(401);
      expect(await liveSessions(person.user.id)).toBe(1);
    }
  });

  test('is not undone by the renewal of an old hash that runs beside it', async () => {
    const { hash } = await import('@node-rs/argon2');
    for (let number = 0; number < tries / 4; number += 1) {
      const person = await host.signUp();
      const old = await hash(person.password, { memoryCost: 8192, timeCost: 1, parallelism: 1 });
      await host.client.query(`update users set password_hash = $1 where id = $2`, [old, person.user.id]);
      const [change, ...signIns] = await Promise.all([changePassword(person), signIn(person), signIn(person)]);
      for (const answer of signIns) expect([200, 401]).toContain(answer.statusCode);
      // Renewed first: the change proved a hash that no longer stood, and says so.
      if (change.statusCode === 204) expect(await liveSessions(person.user.id)).toBe(1);
      else expect(signIns.some((answer) => answer.statusCode === 200)).toBe(true);
    }
  });

  test('makes an Idempotency-Key sent with an earlier sign-in worth nothing', async () => {
    const person = await host.signUp();
    const key = { 'idempotency-key': 'sign-in-once-0001' };
    expect((await signIn(person, key)).statusCode).toBe(200);
    expect((await changePassword(person)).statusCode).toBe(204);
    expect((await signIn(person, key)).json().code).toBe('auth.credentials_wrong');
  });
});

describe('two sign-ins at once', () => {
  test('that both renew an old hash both succeed', async () => {
    const { hash } = await import('@node-rs/argon2');
    const person = await host.signUp();
    const old = await hash(person.password, { memoryCost: 8192, timeCost: 1, parallelism: 1 });
    await host.client.query(`update users set password_hash = $1 where id = $2`, [old, person.user.id]);
    const answers = await Promise.all([signIn(person), signIn(person), signIn(person)]);
    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200]);
  });
});

describe('a sign-in', () => {
  test('under way while the account is suspended opens nothing', async () => {
    const person = await host.signUp();
    let answer: ReturnType<typeof signIn> | undefined;
    await whileLocked(
      person.user.id,
      async () => {
        answer = signIn(person);
        await waitForLockOn(host, 'sessions.create');
      },
      `update users set suspended_at = now() where id = $1`,
      [person.user.id],
    );
    expect((await answer)?.json().code).toBe('auth.suspended');
    expect(await liveSessions(person.user.id)).toBe(1);
  });

  test('under way while the account is deleted opens nothing', async () => {
    const person = await host.signUp();
    let answer: ReturnType<typeof signIn> | undefined;
    await whileLocked(
      person.user.id,
      async () => {
        answer = signIn(person);
        await waitForLockOn(host, 'sessions.create');
      },
      `delete from users where id = $1`,
      [person.user.id],
    );
    expect((await answer)?.json().code).toBe('auth.credentials_wrong');
  });
});

/** The accounts of another instance, which takes its time between looking at a password and opening the session. */
function createSlowAccounts() {
  const accessTokens = createAccessTokens({ key: randomBytes(32), lifetimeSeconds: 600 });
  const refreshTokens = createRefreshTokens({ key: randomBytes(32) });
  const sessions = createSessions({ db: host.db, accessTokens, refreshTokens, events: { announce: () => {} }, lifetimeSeconds: 3600 });
  const passwords = createPasswords({ gate: createHashingGate({ concurrency: 2 }) });
  return {
    signIn(person: SignedUpUser, count: number) {
      const released = Promise.withResolvers<void>();
      const allProved = Promise.withResolvers<void>();
      let verified = 0;
      const verify: Passwords['verify'] = async (password, stored) => {
        const fits = await passwords.verify(password, stored);
        verified += 1;
        if (verified === count) allProved.resolve();
        await released.promise;
        return fits;
      };
      const accounts = createAccounts({
        db: host.db,
        sessions,
        passwords: { ...passwords, verify },
        limiter: { attempt: (_guess, attempt) => attempt() },
        devices: createKnownDevices({ key: randomBytes(32) }),
        events: { announce: () => {} },
      });
      const body = { name: person.user.username, password: person.password, credentials: 'token' as const };
      const signIns = Promise.allSettled(
        Array.from({ length: count }, () => accounts.signIn(body, { userAgent: '', address: '' }, undefined)),
      );
      return { proved: allProved.promise, goOn: released.resolve, signIns };
    },
  };
}

async function waitForLockOn(on: TestApp, query: string): Promise<void> {
  await waitUntil(`${query} waits for a lock`, async () => {
    // Inside a transaction the view shows what it showed first.
    await on.client.query('select pg_stat_clear_snapshot()');
    const { rows } = await on.client.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%' || $1 || '%'`,
      [query],
    );
    return rows.length > 0;
  });
}
