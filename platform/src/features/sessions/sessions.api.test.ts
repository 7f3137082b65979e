import type { InjectOptions } from 'fastify';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { testJwtSecret } from '../../../test/harness/test-config.ts';
import { waitUntil } from '../../../test/harness/wait-until.ts';
import { deriveKey } from '../../derived-keys.ts';
import { pollEveryMs, staleAfterMs } from './revocations.ts';

let host: TestApp;
let ada: SignedUpUser;

beforeAll(async () => {
  host = await createTestApp();
  ada = await host.signUp('ada');
});
afterAll(() => host.close());

let addresses = 0;

/** From a fresh address each time: the limits per address are not what is tested here. */
function send(options: InjectOptions, to = host) {
  addresses += 1;
  return to.app.inject({ ...options, remoteAddress: `10.1.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}` });
}

const refresh = (refreshToken: string, to = host) => send({ method: 'POST', url: '/api/auth/refresh', payload: { refreshToken } }, to);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const me = (token: string, to = host) => send({ url: '/api/me', headers: bearer(token) }, to);

async function signIn(credentials: 'token' | 'cookie' = 'token', headers: Record<string, string> = {}) {
  const response = await send({
    method: 'POST',
    url: '/api/auth/sign-in',
    headers,
    payload: { name: 'ada', password: ada.password, credentials },
  });
  expect(response.statusCode).toBe(200);
  return response;
}

async function openSession() {
  const { accessToken, refreshToken } = (await signIn()).json();
  const payload = JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url').toString());
  return { accessToken, refreshToken, sessionId: payload.sid as string };
}

/** Lets `seconds` pass for one session, without waiting. */
async function age(sessionId: string, seconds: number) {
  const { rowCount } = await host.client.query(`update sessions set rotated_at = rotated_at - make_interval(secs => $2) where id = $1`, [
    sessionId,
    seconds,
  ]);
  expect(rowCount).toBe(1);
}

describe('refreshing', () => {
  test('gives a new pair, and the one before again within ten seconds: a lost response is no disaster', async () => {
    const session = await openSession();
    const first = await refresh(session.refreshToken);
    expect(first.statusCode).toBe(200);
    expect(first.json().refreshToken).not.toBe(session.refreshToken);
    const again = await refresh(session.refreshToken);
    expect(again.statusCode).toBe(200);
    expect(again.json().refreshToken).toBe(first.json().refreshToken);
    expect((await me(again.json().accessToken)).statusCode).toBe(200);
  });

  test('a token replayed after ten seconds ends the session for everyone', async () => {
    const session = await openSession();
    const next = (await refresh(session.refreshToken)).json();
    await age(session.sessionId, 11);
    const replay = await refresh(session.refreshToken);
    expect(replay.statusCode).toBe(401);
    expect(replay.json().code).toBe('auth.refresh_reused');
    expect((await refresh(next.refreshToken)).json().code).toBe('auth.refresh_reused');
    expect((await me(next.accessToken)).json().code).toBe('auth.token_invalid');
    const { rows } = await host.client.query(`select revoked_reason from sessions where id = $1`, [session.sessionId]);
    expect(rows).toEqual([{ revoked_reason: 'reuse' }]);
  });

  test('a token two generations old ends the session at once', async () => {
    const session = await openSession();
    const second = (await refresh(session.refreshToken)).json();
    const third = (await refresh(second.refreshToken)).json();
    expect((await refresh(session.refreshToken)).json().code).toBe('auth.refresh_reused');
    expect((await me(third.accessToken)).statusCode).toBe(401);
  });

  test('fifty at once with one token get one and the same next token', async () => {
    const session = await openSession();
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(session.refreshToken)));
    expect(new Set(answers.map((answer) => answer.statusCode))).toEqual(new Set([200]));
    expect(new Set(answers.map((answer) => answer.json().refreshToken)).size).toBe(1);
    const { rows } = await host.client.query(`select generation from sessions where id = $1`, [session.sessionId]);
    expect(rows).toEqual([{ generation: 1 }]);
  });

  test('each bit of a token counts', async () => {
    const session = await openSession();
    const bytes = Buffer.from(session.refreshToken, 'base64url');
    for (const position of [0, 15, 16, 19, 20, 51]) {
      const forged = Buffer.from(bytes);
      forged[position] = (forged[position] ?? 0) ^ 1;
      expect((await refresh(forged.toString('base64url'))).json().code).toBe('auth.refresh_invalid');
    }
    expect((await refresh('garbage')).json().code).toBe('auth.refresh_invalid');
    expect((await refresh(session.refreshToken)).statusCode).toBe(200);
  });

  test('an expired session and a suspended person get no new tokens', async () => {
    const expired = await openSession();
    await host.client.query(`update sessions set expires_at = now() where id = $1`, [expired.sessionId]);
    expect((await refresh(expired.refreshToken)).json().code).toBe('auth.refresh_invalid');
    const grace = await host.signUp('grace');
    await host.client.query(`update users set suspended_at = now() where id = $1`, [grace.user.id]);
    expect((await refresh(grace.refreshToken)).json().code).toBe('auth.suspended');
  });

  test('a changed role is in the next access token', async () => {
    const boss = await host.signUp('boss');
    await host.client.query(`update users set role = 'admin' where id = $1`, [boss.user.id]);
    const next = (await refresh(boss.refreshToken)).json();
    expect(next.user.role).toBe('admin');
    expect(JSON.parse(Buffer.from(next.accessToken.split('.')[1], 'base64url').toString()).role).toBe('admin');
  });
});

describe('an access token', () => {
  const key = deriveKey(testJwtSecret, 'access-token');
  const sid = '00000000-0000-4000-8000-000000000001';
  const make = (change: { alg?: string; iss?: string; aud?: string; exp?: string; key?: Buffer; claims?: object }) =>
    new SignJWT({ sid, role: 'user', ...change.claims })
      .setProtectedHeader({ alg: change.alg ?? 'HS256' })
      .setIssuer(change.iss ?? 'sanctum')
      .setAudience(change.aud ?? 'sanctum-api')
      .setSubject(ada.user.id)
      .setIssuedAt()
      .setExpirationTime(change.exp ?? '10m')
      .sign(change.key ?? key);

  test('of the right shape is accepted: the forgeries below differ only in what they claim to', async () => {
    expect((await me(await make({}))).statusCode).toBe(200);
  });

  test.each([
    ['another algorithm', { alg: 'HS512' }],
    ['another issuer', { iss: 'elsewhere' }],
    ['another audience', { aud: 'other-api' }],
    ['an expiry in the past', { exp: '-1s' }],
    ['another key', { key: deriveKey(testJwtSecret, 'cursor') }],
    ['an unknown role', { claims: { role: 'root' } }],
    ['no session', { claims: { sid: undefined } }],
  ])('with %s is refused', async (_, change) => {
    const response = await me(await make(change));
    expect(response.statusCode).toBe(401);
    expect(response.json().code).toBe('auth.token_invalid');
  });

  test('without a signature is refused', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: ada.user.id, sid, role: 'admin', iss: 'sanctum', aud: 'sanctum-api', iat: now, exp: now + 600 };
    expect((await me(`${part({ alg: 'none' })}.${part(claims)}.`)).statusCode).toBe(401);
  });

  test('that does not hold never falls back to a cookie that does', async () => {
    const cookie = cookieHeader(await signIn('cookie', { 'sec-fetch-site': 'same-origin' }));
    expect((await send({ url: '/api/me', headers: { cookie } })).statusCode).toBe(200);
    expect((await send({ url: '/api/me', headers: { cookie, authorization: 'Bearer nonsense' } })).statusCode).toBe(401);
    expect((await send({ url: '/api/me', headers: { cookie, authorization: 'Basic YTpi' } })).statusCode).toBe(401);
  });
});

function cookieHeader(response: { headers: Record<string, unknown> }): string {
  return [response.headers['set-cookie']]
    .flat()
    .map((cookie) => String(cookie).split(';')[0])
    .join('; ');
}

describe('cookies of the web app', () => {
  const sameOrigin = { 'sec-fetch-site': 'same-origin' };

  test('are HttpOnly and Lax, hold the tokens and keep them out of the body', async () => {
    const response = await signIn('cookie', sameOrigin);
    const cookies = [response.headers['set-cookie']].flat().map(String);
    expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual(['sanctum_device', 'sanctum_access', 'sanctum_refresh']);
    for (const cookie of cookies) expect(cookie).toMatch(/; Expires=.+; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(Object.keys(response.json()).sort()).toEqual(['accessTokenExpiresAt', 'user']);
  });

  test('carry the __Host- prefix and Secure where https is the rule', async () => {
    const staging = await createTestApp({
      database: host.database,
      environment: { SANCTUM_PROFILE: 'staging', PUBLIC_ORIGIN: 'https://localhost' },
    });
    const response = await send(
      { method: 'POST', url: '/api/auth/sign-in', headers: sameOrigin, payload: { name: 'ada', password: ada.password } },
      staging,
    );
    await staging.close();
    const cookies = [response.headers['set-cookie']].flat().map(String);
    expect(cookies).toHaveLength(3);
    for (const cookie of cookies) expect(cookie).toMatch(/^__Host-sanctum_\w+=.+; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  });

  test('refresh by cookie rotates, and a second tab gets the same cookies', async () => {
    const cookie = cookieHeader(await signIn('cookie', sameOrigin));
    const refreshByCookie = () => send({ method: 'POST', url: '/api/auth/refresh', headers: { ...sameOrigin, cookie } });
    const [one, two] = await Promise.all([refreshByCookie(), refreshByCookie()]);
    expect(one.statusCode).toBe(200);
    const refreshCookie = (response: { headers: Record<string, unknown> }) =>
      cookieHeader(response)
        .split('; ')
        .find((part) => part.startsWith('sanctum_refresh'));
    expect(refreshCookie(one)).toBe(refreshCookie(two));
    expect(cookie).not.toContain(refreshCookie(one));
  });

  test('a refresh that cannot work clears them, so that reading goes on without an account', async () => {
    const response = await send({
      method: 'POST',
      url: '/api/auth/refresh',
      headers: { ...sameOrigin, cookie: 'sanctum_access=x; sanctum_refresh=y' },
    });
    expect(response.statusCode).toBe(401);
    for (const cookie of [response.headers['set-cookie']].flat()) expect(cookie).toMatch(/^sanctum_\w+=; Expires=Thu, 01 Jan 1970/);
  });

  test('an old access cookie does not stand in the way of signing in', async () => {
    const response = await signIn('cookie', { ...sameOrigin, cookie: 'sanctum_access=old' });
    expect(response.statusCode).toBe(200);
    expect((await send({ url: '/api/sanctums', headers: { cookie: 'sanctum_access=old' } })).json().code).toBe('auth.token_invalid');
  });
});

describe('the list of sessions', () => {
  test('shows the live ones with the current one marked; each can be ended by its owner only', async () => {
    const owner = await host.signUp('owner');
    const other = await host.signUp('other');
    await send({
      method: 'POST',
      url: '/api/auth/sign-in',
      headers: { 'user-agent': 'Phone' },
      payload: { name: 'owner', password: owner.password, credentials: 'token' },
    });
    const list = async () => (await send({ url: '/api/sessions', headers: owner.headers })).json().items;
    const [phone, current] = await list();
    expect([phone.userAgent, phone.current, current.current]).toEqual(['Phone', false, true]);
    const end = (headers: Record<string, string>, id: string) => send({ method: 'DELETE', url: `/api/sessions/${id}`, headers });
    expect((await end(other.headers, phone.id)).json().code).toBe('session.not_found');
    expect((await end(owner.headers, phone.id)).statusCode).toBe(204);
    expect((await end(owner.headers, phone.id)).json().code).toBe('session.not_found');
    expect(await list()).toHaveLength(1);
  });

  test('all but the current one end together', async () => {
    const one = await openSession();
    const two = await openSession();
    const response = await send({ method: 'DELETE', url: '/api/sessions', headers: bearer(two.accessToken) });
    expect(response.statusCode).toBe(204);
    expect((await me(one.accessToken)).statusCode).toBe(401);
    expect((await me(two.accessToken)).statusCode).toBe(200);
  });

  test('signing out ends the session and clears the cookies', async () => {
    const session = await openSession();
    const response = await send({ method: 'POST', url: '/api/auth/sign-out', headers: bearer(session.accessToken) });
    expect(response.statusCode).toBe(204);
    expect([response.headers['set-cookie']].flat()).toHaveLength(2);
    expect((await me(session.accessToken)).statusCode).toBe(401);
    expect((await refresh(session.refreshToken)).json().code).toBe('auth.refresh_invalid');
  });

  test('a hundred live sessions are enough: the oldest gives way', async () => {
    const many = await host.signUp('many');
    await host.client.query(
      `insert into sessions (user_id, nonce, expires_at, created_at)
       select $1, decode(repeat('00', 16), 'hex'), now() + interval '1 day', now() + interval '1 second' from generate_series(1, 99)`,
      [many.user.id],
    );
    expect((await send({ url: '/api/me', headers: many.headers })).statusCode).toBe(200);
    await host.client.query(
      `update sessions set created_at = created_at - interval '1 hour' where user_id = $1 and nonce <> decode(repeat('00', 16), 'hex')`,
      [many.user.id],
    );
    await send({ method: 'POST', url: '/api/auth/sign-in', payload: { name: 'many', password: many.password, credentials: 'token' } });
    expect((await send({ url: '/api/me', headers: many.headers })).statusCode).toBe(401);
  });
});

describe('a revocation', () => {
  test('holds on another instance within a second', async () => {
    const second = await createTestApp({ database: host.database });
    try {
      const session = await openSession();
      expect((await me(session.accessToken, second)).statusCode).toBe(200);
      await send({ method: 'POST', url: '/api/auth/sign-out', headers: bearer(session.accessToken) });
      // The token itself holds for minutes; what ends it is the next read of the other instance.
      await waitUntil('the second instance refuses the token', async () => (await me(session.accessToken, second)).statusCode === 401);
      expect([pollEveryMs, staleAfterMs].every((ms) => ms <= 1000)).toBe(true);
    } finally {
      await second.close();
    }
  });

  test('made while an instance was down is known from its first request', async () => {
    const session = await openSession();
    await host.client.query(`update sessions set revoked_at = now() - interval '5 minutes', revoked_reason = 'revoked' where id = $1`, [
      session.sessionId,
    ]);
    const late = await createTestApp({ database: host.database });
    expect((await me(session.accessToken, late)).statusCode).toBe(401);
    await late.close();
  });
});
