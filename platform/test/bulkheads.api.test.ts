/** One account can make one kind of work wait; nobody else may notice. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type SignedUpUser, type TestApp } from './harness/test-app.ts';
import { waitUntil } from './harness/wait-until.ts';

let host: TestApp;
let owner: SignedUpUser;
let reader: SignedUpUser;
/** More than the pool of the tests has connections. */
const writersAtOnce = 30;

beforeAll(async () => {
  host = await createTestApp();
  [owner, reader] = [await host.signUp(), await host.signUp()];
  for (const name of ['held', 'free']) {
    const founded = await host.app.inject({ method: 'POST', url: '/api/sanctums', headers: owner.headers, payload: { name, title: name } });
    expect(founded.statusCode).toBe(201);
  }
});
afterAll(() => host.close());

async function lockWaiters(): Promise<number> {
  // Inside a transaction the server would repeat what it saw the first time.
  await host.client.query('select pg_stat_clear_snapshot()');
  const { rows } = await host.client.query(
    "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
  );
  return rows.length;
}

test('thirty writers that wait for one locked sanctum leave readers, sign-in and readiness alone', async () => {
  await host.client.query('begin');
  await host.client.query("select id from sanctums where name = 'held' for update");
  const joins = Array.from({ length: writersAtOnce }, () =>
    host.app.inject({ method: 'PUT', url: '/api/sanctums/held/membership', headers: reader.headers }),
  );
  await waitUntil('writers wait for the lock', async () => (await lockWaiters()) > 0);
  const [feed, sanctum, ready, signIn, me] = await Promise.all([
    host.app.inject({ url: '/api/feeds/home', headers: reader.headers }),
    host.app.inject({ url: '/api/sanctums/free/posts', headers: reader.headers }),
    host.app.inject({ url: '/ready' }),
    host.app.inject({
      method: 'POST',
      url: '/api/auth/sign-in',
      payload: { name: reader.user.username, password: reader.password, credentials: 'token' },
    }),
    host.app.inject({ url: '/api/me', headers: reader.headers }),
  ]);
  // They were answered while the writers still waited: nobody has let go of the sanctum.
  expect(await lockWaiters()).toBeGreaterThan(0);
  expect([feed, sanctum, ready, signIn, me].map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200]);
  await host.client.query('rollback');
  const answers = await Promise.all(joins);
  expect(answers.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThan(0);
  expect(answers.filter(({ statusCode }) => statusCode !== 200 && statusCode !== 503)).toEqual([]);
});

test('a statement that a lock keeps past its bound is ended with an error of its own, and told in the metrics', async () => {
  const posted = await host.app.inject({
    method: 'POST',
    url: '/api/sanctums/free/posts',
    headers: owner.headers,
    payload: { kind: 'text', title: 'A title' },
  });
  expect(posted.statusCode).toBe(201);
  await host.client.query('begin');
  await host.client.query('lock table comments in access exclusive mode');
  const thread = await host.app.inject({ url: `/api/posts/${posted.json().id}/comments` });
  await host.client.query('rollback');
  expect([thread.statusCode, thread.json().code]).toEqual([503, 'server.query_over_budget']);
  expect(Number(thread.headers['retry-after'])).toBeGreaterThan(0);
  expect((await host.app.inject({ url: `/api/posts/${posted.json().id}/comments` })).statusCode).toBe(200);
});

test('twenty questions for readiness at once are one look at the database', async () => {
  const before = host.db.pool();
  const answers = await Promise.all(Array.from({ length: 20 }, () => host.app.inject({ url: '/ready' })));
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  expect(new Set(answers.map(({ payload }) => payload)).size).toBe(1);
  expect(host.db.pool().total).toBe(before.total);
});
