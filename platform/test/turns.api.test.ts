/** Whoever sends many requests at once waits for their own turn; nobody else does. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from './harness/test-app.ts';
import { waitUntil } from './harness/wait-until.ts';

let host: TestApp;
beforeAll(async () => {
  host = await createTestApp({ environment: { RATE_LIMIT_FACTOR: '1' } });
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

const writers = () => host.db.pool().bulkheads.find(({ kind }) => kind === 'write');

test('twelve joins of one account hold two connections while they wait for a lock, and another account is served', async () => {
  const [owner, flooder, neighbour] = [await host.signUp(), await host.signUp(), await host.signUp()];
  const payload = { name: 'held', title: 'Held' };
  const founded = await host.app.inject({ method: 'POST', url: '/api/sanctums', headers: owner.headers, payload });
  expect(founded.statusCode).toBe(201);
  const join = (headers: typeof owner.headers) => host.app.inject({ method: 'PUT', url: '/api/sanctums/held/membership', headers });

  await host.client.query('begin');
  await host.client.query("select id from sanctums where name = 'held' for update");
  const flood = Array.from({ length: 12 }, () => join(flooder.headers));
  await waitUntil('the flood waits for the lock', async () => (await lockWaiters()) >= 2);
  const neighbourly = join(neighbour.headers);
  await waitUntil('the neighbour waits for the lock too', async () => (await lockWaiters()) >= 3);
  // Two of the flood and the neighbour; the other ten are nowhere near the pool.
  expect(writers()).toMatchObject({ held: 3, waiting: 0 });
  await host.client.query('rollback');
  const answers = await Promise.all([neighbourly, ...flood]);
  // On a busy machine the lock may have been waited for longer than is allowed.
  expect(answers.filter(({ statusCode }) => statusCode !== 200 && statusCode !== 503)).toEqual([]);
  expect(answers.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThan(0);
});
