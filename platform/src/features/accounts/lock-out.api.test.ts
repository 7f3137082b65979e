/** Guessing passwords is stopped; the owner of the name is not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { roomInWindow } from '../../../test/harness/room-in-window.ts';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { rateLimits } from '../../limits/rate-limits.ts';

let host: TestApp;
let serial = 0;
const perNetwork = rateLimits.signInFailures.points;
const perName = rateLimits.signInFailuresOfName.points;

beforeAll(async () => {
  host = await createTestApp();
});
beforeEach(() => roomInWindow(rateLimits.signInFailures));
afterAll(() => host.close());

/** A network of its own for each call. */
function elsewhere(): string {
  serial += 1;
  return `10.${Math.floor(serial / 62_500)}.${Math.floor(serial / 250) % 250}.${(serial % 250) + 1}`;
}

/** The limits per address on registering are not what is tested here. */
async function signUp(): Promise<SignedUpUser & { readonly deviceToken: string }> {
  const username = `person_${(serial += 1)}`;
  const password = `walnut and brass ${serial}`;
  const response = await host.app.inject({
    method: 'POST',
    url: '/api/auth/register',
    payload: { username, email: `${username}@example.org`, password, credentials: 'token' },
    remoteAddress: elsewhere(),
  });
  const { user, accessToken, refreshToken, deviceToken } = response.json();
  return { user, password, refreshToken, deviceToken, headers: { authorization: `Bearer ${accessToken}` } };
}

function signIn(name: string, password: string, remoteAddress: string, more: object = {}) {
  return host.app.inject({
    method: 'POST',
    url: '/api/auth/sign-in',
    payload: { name, password, credentials: 'token', ...more },
    remoteAddress,
  });
}

async function guess(name: string, count: number, from: (number: number) => string, more: object = {}): Promise<number[]> {
  const statuses: number[] = [];
  for (let number = 0; number < count; number += 1) statuses.push((await signIn(name, `guess ${number}`, from(number), more)).statusCode);
  return statuses;
}

describe("a stranger's wrong guesses", () => {
  test('stop the stranger, by name and by address, and not the owner', async () => {
    const owner = await signUp();
    const stranger = elsewhere();
    const names = [owner.user.username, `${owner.user.username}@example.org`];
    for (let number = 0; number < perNetwork; number += 1)
      expect((await signIn(names[number % 2] ?? '', 'a guess', stranger)).statusCode).toBe(401);
    const stopped = await signIn(owner.user.username, owner.password, stranger);
    expect(stopped.statusCode).toBe(429);
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0);
    expect((await signIn(owner.user.username, owner.password, elsewhere())).statusCode).toBe(200);
  });

  test('from one IPv6 network count together, whatever address of it they come from, and so do the three ways to write an IPv4 one', async () => {
    const owner = await signUp();
    expect(await guess(owner.user.username, perNetwork, (number) => `2001:db8:7:7::${number + 1}`)).toEqual(Array(perNetwork).fill(401));
    expect((await signIn(owner.user.username, owner.password, '2001:db8:7:7:ffff::1')).statusCode).toBe(429);
    expect((await signIn(owner.user.username, owner.password, '2001:db8:7:8::1')).statusCode).toBe(200);
    const written = ['203.0.113.9', '::ffff:203.0.113.9', '::ffff:cb00:7109'];
    await guess(owner.user.username, perNetwork, (number) => written[number % written.length] ?? '');
    expect((await signIn(owner.user.username, owner.password, '203.0.113.9')).statusCode).toBe(429);
  });

  test('from everywhere are bounded too, and a device that signed in before still comes in', async () => {
    const owner = await signUp();
    const guesses = await guess(owner.user.username, perName, elsewhere);
    expect(guesses).toEqual(Array(perName).fill(401));
    expect((await signIn(owner.user.username, owner.password, elsewhere())).statusCode).toBe(429);
    expect((await signIn(owner.user.username, owner.password, elsewhere(), { deviceToken: owner.deviceToken })).statusCode).toBe(200);
  }, 60_000);

  test('do not keep the owner from changing the password in a session', async () => {
    const owner = await signUp();
    const here = '192.0.2.44';
    await guess(owner.user.username, perNetwork, () => here);
    const change = await host.app.inject({
      method: 'PUT',
      url: '/api/me/password',
      headers: owner.headers,
      payload: { currentPassword: owner.password, newPassword: 'another fine secret' },
      remoteAddress: here,
    });
    expect(change.statusCode).toBe(204);
  });

  test('about a name that nobody has are answered the same way', async () => {
    const stranger = elsewhere();
    expect(await guess('nobody_has_this', perNetwork + 1, () => stranger)).toEqual([...Array(perNetwork).fill(401), 429]);
  });

  test('that come all at once are not more than those that come one by one', async () => {
    const owner = await signUp();
    const stranger = elsewhere();
    const answers = await Promise.all(
      Array.from({ length: 3 * perNetwork }, (_, number) => signIn(owner.user.username, `guess ${number}`, stranger)),
    );
    expect(answers.filter((answer) => answer.statusCode === 401).length).toBeLessThanOrEqual(perNetwork);
    expect((await signIn(owner.user.username, owner.password, elsewhere())).statusCode).toBe(200);
  });
});

describe('a known device', () => {
  test('has ten wrong passwords of its own, which stop that device alone', async () => {
    const owner = await signUp();
    const device = { deviceToken: owner.deviceToken };
    expect(await guess(owner.user.username, perNetwork + 1, elsewhere, device)).toEqual([...Array(perNetwork).fill(401), 429]);
    expect((await signIn(owner.user.username, owner.password, elsewhere())).statusCode).toBe(200);
  });

  test.each([
    ['of another account', async () => (await signUp()).deviceToken],
    ['that was made up', async () => `${'A'.repeat(22)}.${'A'.repeat(43)}`],
    ['that is none', async () => 'nonsense'],
  ])('token %s is worth nothing', async (_, token) => {
    const owner = await signUp();
    const stranger = elsewhere();
    const deviceToken = await token();
    await guess(owner.user.username, perNetwork, () => stranger, { deviceToken });
    expect((await signIn(owner.user.username, owner.password, stranger, { deviceToken })).statusCode).toBe(429);
  });

  test('is forgotten with the password: nobody keeps a count by having known an old one', async () => {
    const owner = await signUp();
    const newPassword = 'another fine secret';
    const change = await host.app.inject({
      method: 'PUT',
      url: '/api/me/password',
      headers: owner.headers,
      payload: { currentPassword: owner.password, newPassword },
    });
    expect(change.statusCode).toBe(204);
    const stranger = elsewhere();
    await guess(owner.user.username, perNetwork, () => stranger, { deviceToken: owner.deviceToken });
    expect((await signIn(owner.user.username, newPassword, stranger, { deviceToken: owner.deviceToken })).statusCode).toBe(429);
  });

  test('is remembered by the browser in a cookie that no script reads and that signing out leaves', async () => {
    const owner = await signUp();
    const origin = { 'sec-fetch-site': 'same-origin' };
    const browser = elsewhere();
    const jar = async (cookie: string, password: string) =>
      host.app.inject({
        method: 'POST',
        url: '/api/auth/sign-in',
        headers: { ...origin, cookie },
        payload: { name: owner.user.username, password },
        remoteAddress: browser,
      });
    const first = await jar('', owner.password);
    const cookies = [first.headers['set-cookie'] ?? []].flat();
    const device = cookies.find((cookie) => cookie.startsWith('sanctum_device=')) ?? '';
    expect(device).toMatch(/HttpOnly; SameSite=Lax/);
    const out = await host.app.inject({
      method: 'POST',
      url: '/api/auth/sign-out',
      headers: { ...origin, cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') },
    });
    expect(out.statusCode).toBe(204);
    expect(String(out.headers['set-cookie'])).not.toContain('sanctum_device');
    await guess(owner.user.username, perNetwork, () => browser);
    expect((await jar('', owner.password)).statusCode).toBe(429);
    expect((await jar(device.split(';')[0] ?? '', owner.password)).statusCode).toBe(200);
  });
});

test('wrong current passwords stop confirming in that session, and nothing else', async () => {
  const owner = await signUp();
  const confirm = (headers: { authorization: string }, currentPassword: string) =>
    host.app.inject({
      method: 'PUT',
      url: '/api/me/password',
      headers,
      payload: { currentPassword, newPassword: 'another fine secret' },
      remoteAddress: elsewhere(),
    });
  for (let number = 0; number < rateLimits.confirmationFailures.points; number += 1)
    expect((await confirm(owner.headers, 'a guess')).statusCode).toBe(401);
  expect((await confirm(owner.headers, owner.password)).statusCode).toBe(429);
  const again = await signIn(owner.user.username, owner.password, elsewhere());
  expect(again.statusCode).toBe(200);
  expect((await confirm({ authorization: `Bearer ${again.json().accessToken}` }, owner.password)).statusCode).toBe(204);
});
