/** What becomes of access tokens whose account is suspended or gets another role: on two instances over one database. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { waitUntil } from '../../../test/harness/wait-until.ts';
import { createAccounts } from './accounts.service.ts';
import { createSessions } from '../sessions/sessions.service.ts';

/** A reading every half second, and what a busy machine adds. */
const limitMs = 5000;
let here: TestApp;
let there: TestApp;

beforeAll(async () => {
  here = await createTestApp();
  there = await createTestApp({ database: here.database, store: here.store });
});
afterAll(async () => {
  await there.close();
  await here.close();
});

const me = (on: TestApp, person: SignedUpUser) => on.app.inject({ url: '/api/me', headers: person.headers });
const refresh = (on: TestApp, person: SignedUpUser) =>
  on.app.inject({ method: 'POST', url: '/api/auth/refresh', payload: { refreshToken: person.refreshToken } });

/** The service alone: no route suspends anybody yet. */
function createSuspender() {
  const unused = () => expect.fail('suspending does not need this');
  const sessions = createSessions({
    db: here.db,
    accessTokens: { lifetimeSeconds: 0, issue: unused, verify: unused, verifyLocally: unused },
    refreshTokens: { derive: unused, parse: unused, isGenuine: unused },
    events: { announce: () => {} },
    lifetimeSeconds: 0,
  });
  return createAccounts({
    db: here.db,
    sessions,
    passwords: { hash: unused, verify: unused, isOutdated: unused },
    limiter: { attempt: unused },
    devices: { issue: unused, recognise: unused },
    events: { announce: () => {} },
  });
}

describe('suspending an account', () => {
  test('ends its sessions on every instance before their tokens end, and says why', async () => {
    const person = await here.signUp();
    const bystander = await here.signUp();
    for (const on of [here, there]) expect((await me(on, person)).statusCode).toBe(200);
    await createSuspender().suspend(person.user.id);
    for (const on of [here, there]) {
      await waitUntil('the token is refused', async () => (await me(on, person)).statusCode === 401, limitMs);
      expect((await refresh(on, person)).json().code).toBe('auth.suspended');
      expect((await me(on, bystander)).statusCode).toBe(200);
    }
    const { rows } = await here.client.query(`select revoked_reason from sessions where user_id = $1`, [person.user.id]);
    expect(rows).toEqual([{ revoked_reason: 'suspended' }]);
  });

  test('leaves ended what was ended, also when the suspension is lifted', async () => {
    const person = await here.signUp();
    await createSuspender().suspend(person.user.id);
    await here.client.query(`update users set suspended_at = null where id = $1`, [person.user.id]);
    await waitUntil('the token is refused', async () => (await me(here, person)).statusCode === 401, limitMs);
    expect((await refresh(here, person)).json().code).toBe('auth.refresh_invalid');
  });

  test('by hand in the database holds as soon, for every session', async () => {
    const person = await here.signUp();
    expect((await me(there, person)).statusCode).toBe(200);
    const suspended = await here.client.query(`update users set suspended_at = now() where id = $1`, [person.user.id]);
    expect(suspended.rowCount).toBe(1);
    await waitUntil('the token is refused', async () => (await me(there, person)).statusCode === 401, limitMs);
  });

  test('that nobody has is said', async () => {
    await expect(createSuspender().suspend('999999999')).rejects.toMatchObject({ code: 'user.not_found' });
  });
});

test('a change of role reaches an access token that was given out before, in both directions', async () => {
  const person = await here.signUp('Author_of_it');
  const promoted = await there.signUp();
  const call = (on: TestApp, who: SignedUpUser, method: 'POST' | 'PUT' | 'GET', url: string, payload?: object) =>
    on.app.inject({ method, url, headers: who.headers, ...(payload === undefined ? {} : { payload }) });
  await call(here, person, 'POST', '/api/sanctums', { name: 'Roles_place', title: 'Roles' });
  const post = (await call(here, person, 'POST', '/api/sanctums/Roles_place/posts', { kind: 'text', title: 'Mine' })).json();
  const mayDelete = async () => (await call(there, promoted, 'GET', `/api/posts/${post.id}`)).json().canDelete;
  expect(await mayDelete()).toBe(false);
  await here.client.query(`update users set role = 'admin' where id = $1`, [promoted.user.id]);
  await waitUntil('the administrator may delete', mayDelete, limitMs);
  await here.client.query(`update users set role = 'user' where id = $1`, [promoted.user.id]);
  await waitUntil('nobody but the author may delete', async () => !(await mayDelete()), limitMs);
});
