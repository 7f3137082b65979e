import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/harness/test-app.ts';
import { rateLimits } from '../../limits/rate-limits.ts';

const password = 'walnut and brass 7';
let host: TestApp;
let serial = 0;

beforeAll(async () => {
  host = await createTestApp();
});
afterAll(() => host.close());

function post(url: string, payload: object, headers: Record<string, string> = {}) {
  // A fresh address each time: the limits per address are not what is tested here.
  serial += 1;
  return host.app.inject({
    method: 'POST',
    url,
    payload,
    headers,
    remoteAddress: `10.0.${Math.floor(serial / 250)}.${(serial % 250) + 1}`,
  });
}

function register(overrides: object = {}) {
  const username = `ada_${serial}`;
  return post('/api/auth/register', { username, email: `${username}@example.org`, password, credentials: 'token', ...overrides });
}

function code(response: { json(): { code?: string } }): string | undefined {
  return response.json().code;
}

describe('registering', () => {
  test('creates the account, signs in and tells nothing but the declared fields', async () => {
    const response = await register({ username: 'Ada', email: 'ada@example.org', displayName: 'Ada L.' });
    expect(response.statusCode).toBe(201);
    expect(response.headers['cache-control']).toBe('no-store');
    const body = response.json();
    expect(Object.keys(body).sort()).toEqual(['accessToken', 'accessTokenExpiresAt', 'deviceToken', 'refreshToken', 'user']);
    expect(body.user).toMatchObject({ username: 'Ada', displayName: 'Ada L.', email: 'ada@example.org', bio: '', role: 'user' });
    expect(Object.keys(body.user).sort()).toEqual(['bio', 'createdAt', 'displayName', 'email', 'id', 'role', 'username']);
    const me = await host.app.inject({ url: '/api/me', headers: { authorization: `Bearer ${body.accessToken}` } });
    expect(me.json()).toEqual(body.user);
  });

  test('a name or an address that differs only in case is taken', async () => {
    await register({ username: 'Grace', email: 'grace@example.org' });
    expect(code(await register({ username: 'gRACE', email: 'other@example.org' }))).toBe('user.username_taken');
    expect(code(await register({ username: 'Other', email: 'GRACE@example.org' }))).toBe('user.email_taken');
  });

  test('of many who want one name at the same time exactly one gets it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, number) => register({ username: 'Race', email: `race${number}@example.org` })),
    );
    expect(answers.filter((answer) => answer.statusCode === 201)).toHaveLength(1);
    expect(answers.filter((answer) => answer.statusCode === 409)).toHaveLength(7);
    const { rows } = await host.client.query(`select count(*)::integer as count from users where lower(username) = 'race'`);
    expect(rows[0].count).toBe(1);
  });

  test.each([
    ['short', 'abcdef123', 'at least 10'],
    ['common', 'Password1234', 'common'],
    ['a run', '1234567890', 'run'],
    ['hardly varied', 'ababababababab', 'different'],
    ['the own name', 'i am wilhelmina!', 'own name'],
  ])('a password that is %s is refused with its reason', async (_, weak, reason) => {
    const response = await register({ username: 'wilhelmina', password: weak });
    expect(response.statusCode).toBe(400);
    expect(code(response)).toBe('user.password_weak');
    expect(response.json().problems).toEqual([{ path: '/password', message: expect.stringContaining(reason) }]);
  });

  test('a role in the body is refused, not obeyed', async () => {
    expect(code(await register({ role: 'admin' }))).toBe('request.invalid');
  });

  test.each([
    ['a name with a space', { username: 'a b c' }],
    ['a display name with NUL', { displayName: 'a\u0000b' }],
    ['an address without @', { email: 'nowhere' }],
    ['a password of 257 characters', { password: 'x'.repeat(257) }],
    ['an unknown field', { hacker: true }],
  ])('%s is refused', async (_, overrides) => {
    expect(code(await register(overrides))).toBe('request.invalid');
  });

  test('stores argon2id at the current parameters and never the password', async () => {
    await register({ username: 'hashed' });
    const { rows } = await host.client.query(`select password_hash from users where username = 'hashed'`);
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(host.logs)).not.toContain(password);
  });
});

describe('signing in', () => {
  const signIn = (name: string, given = password, credentials = 'token') =>
    post('/api/auth/sign-in', { name, password: given, credentials });

  test('works by name and by address, whatever their case', async () => {
    await register({ username: 'Linus', email: 'linus@example.org' });
    expect((await signIn('lINUS')).statusCode).toBe(200);
    expect((await signIn(' LINUS@Example.org ')).statusCode).toBe(200);
  });

  test('a wrong password and an unknown name get the same answer', async () => {
    await register({ username: 'Known' });
    const wrong = await signIn('Known', 'not the password');
    const unknown = await signIn('Unknown_person', 'not the password');
    expect(wrong.statusCode).toBe(401);
    expect({ ...unknown.json(), requestId: '' }).toEqual({ ...wrong.json(), requestId: '' });
    expect(code(wrong)).toBe('auth.credentials_wrong');
  });

  test('a suspended person learns of it only with the right password', async () => {
    await register({ username: 'Suspended' });
    const suspended = await host.client.query(`update users set suspended_at = now() where username = 'Suspended'`);
    expect(suspended.rowCount).toBe(1);
    expect(code(await signIn('Suspended', 'not the password'))).toBe('auth.credentials_wrong');
    expect(code(await signIn('Suspended'))).toBe('auth.suspended');
  });

  test('right passwords do not use up the wrong ones', async () => {
    await register({ username: 'Frequent' });
    for (let attempt = 0; attempt <= rateLimits.signInFailures.points + 2; attempt += 1)
      expect((await signIn('Frequent')).statusCode).toBe(200);
  });

  test('a hash with older parameters is renewed on the way', async () => {
    const { hash } = await import('@node-rs/argon2');
    await register({ username: 'Old' });
    const old = await hash(password, { memoryCost: 8192, timeCost: 1, parallelism: 1 });
    await host.client.query(`update users set password_hash = $1 where username = 'Old'`, [old]);
    expect((await signIn('Old')).statusCode).toBe(200);
    const { rows } = await host.client.query(`select password_hash from users where username = 'Old'`);
    expect(rows[0].password_hash).toMatch(/m=19456,t=2,p=1/);
    expect((await signIn('Old')).statusCode).toBe(200);
  });

  test('a flood of sign-ins is turned away with a time to wait, and everybody else is still answered', async () => {
    const flood: Promise<Awaited<ReturnType<typeof signIn>>>[] = [];
    let turnedAway = 0;
    for (let wave = 0; wave < 40 && turnedAway === 0; wave += 1) {
      for (let number = 0; number < 30; number += 1) {
        flood.push(
          signIn(`nobody_${wave}_${number}`, 'whatever it may be').then((response) => {
            if (response.statusCode === 429) turnedAway += 1;
            return response;
          }),
        );
      }
      expect((await host.app.inject({ url: '/api/sanctums' })).statusCode).toBe(200);
    }
    const answers = await Promise.all(flood);
    const busy = answers.filter((answer) => answer.statusCode === 429);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy.map(code)).toEqual(busy.map(() => 'auth.busy'));
    expect(busy[0]?.headers['retry-after']).toBe('2');
    expect(answers.filter((answer) => answer.statusCode === 401).length).toBeGreaterThan(0);
  });
});

describe('changing the password', () => {
  test('needs the current one, ends the other sessions and keeps this one', async () => {
    const here = (await register({ username: 'Changer' })).json();
    const there = (await post('/api/auth/sign-in', { name: 'Changer', password, credentials: 'token' })).json();
    const change = (currentPassword: string, newPassword: string) =>
      host.app.inject({
        method: 'PUT',
        url: '/api/me/password',
        headers: { authorization: `Bearer ${here.accessToken}` },
        payload: { currentPassword, newPassword },
      });
    const status = async (token: string) =>
      (await host.app.inject({ url: '/api/me', headers: { authorization: `Bearer ${token}` } })).statusCode;

    expect(code(await change('not the password', 'another fine secret'))).toBe('auth.credentials_wrong');
    expect(code(await change(password, 'changer12345'))).toBe('user.password_weak');
    expect(await status(there.accessToken)).toBe(200);
    expect((await change(password, 'another fine secret')).statusCode).toBe(204);
    expect(await status(here.accessToken)).toBe(200);
    expect(await status(there.accessToken)).toBe(401);
    expect(code(await post('/api/auth/refresh', { refreshToken: there.refreshToken }))).toBe('auth.refresh_invalid');
    expect(code(await post('/api/auth/sign-in', { name: 'Changer', password, credentials: 'token' }))).toBe('auth.credentials_wrong');
    expect((await post('/api/auth/sign-in', { name: 'Changer', password: 'another fine secret', credentials: 'token' })).statusCode).toBe(
      200,
    );
    const { rows } = await host.client.query(
      `select revoked_reason from sessions s join users u on u.id = s.user_id where u.username = 'Changer' and revoked_at is not null`,
    );
    expect(rows).toEqual([{ revoked_reason: 'password-changed' }]);
  });
});
