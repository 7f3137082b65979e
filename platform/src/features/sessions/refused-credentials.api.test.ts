/** Tokens that do not hold cost their sender something, and nobody else. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { roomInWindow } from '../../../test/harness/room-in-window.ts';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { rateLimits } from '../../limits/rate-limits.ts';

const { points } = rateLimits.refusedCredentials;
let host: TestApp;
let person: SignedUpUser;

beforeAll(async () => {
  host = await createTestApp();
  person = await host.signUp();
});
afterAll(() => host.close());

const feed = (headers: Record<string, string>, remoteAddress: string) => host.app.inject({ url: '/api/me', headers, remoteAddress });

test('a network that sends bad tokens without end is told to wait, before they are looked at', async () => {
  await roomInWindow(rateLimits.refusedCredentials, 25_000);
  const network = '198.51.100.1';
  expect((await feed(person.headers, network)).statusCode).toBe(200);
  const kinds: Record<string, string>[] = [
    { authorization: 'Bearer forged' },
    { authorization: 'Basic Zm9vOmJhcg==' },
    { cookie: 'sanctum_access=forged' },
    { authorization: `${person.headers.authorization}x` },
  ];
  for (let number = 0; number < points; number += 1) {
    const answer = await feed(kinds[number % kinds.length] ?? {}, network);
    expect(answer.json().code).toBe('auth.token_invalid');
  }
  const answer = await feed({ authorization: 'Bearer forged' }, network);
  expect(answer.json().code).toBe('request.rate_limited');
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  // A session that is known here goes on, and other networks do not notice.
  expect((await feed(person.headers, network)).statusCode).toBe(200);
  expect((await feed({ authorization: 'Bearer forged' }, '198.51.100.2')).json().code).toBe('auth.token_invalid');
});
