import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform } from '../test/harness/platform-process.ts';
import { createTestDatabase, type TestDatabase } from '../test/harness/test-database.ts';
import { waitUntil } from '../test/harness/wait-until.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** A hard limit that no busy machine reaches, below the time for which an idle connection is kept. */
const patient = {
  SHUTDOWN_TIMEOUT_MS: '60000',
  KEEP_ALIVE_TIMEOUT_MS: '300000',
  DATABASE_STATEMENT_TIMEOUT_MS: '15000',
  DATABASE_LOCK_TIMEOUT_MS: '15000',
};

/** Holds a lock that makes registering wait, and lets go. */
async function holdUsers() {
  await database.client.query('begin');
  await database.client.query('lock table users in exclusive mode');
  return () => database.client.query('commit');
}

function register(url: string, agent: Agent, username: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const body = JSON.stringify({ username, email: `${username}@example.org`, password: 'Quiet-otter-41-lamp', credentials: 'token' });
  const outgoing = request(
    `${url}/api/auth/register`,
    { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } },
    (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    },
  );
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

const lockWaiters = async () => {
  // Inside a transaction the server would repeat what it saw the first time.
  await database.client.query('select pg_stat_clear_snapshot()');
  return (
    (
      await database.client.query<{ count: number }>(
        `select count(*)::integer as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      )
    ).rows[0]?.count ?? 0
  );
};

describe('on SIGTERM', () => {
  test('a request under way finishes, and a connection that then falls idle does not hold the end', async () => {
    const platform = startPlatform({ DATABASE_URL: database.url, ...patient });
    const url = await platform.url();
    const agent = new Agent({ keepAlive: true });
    const release = await holdUsers();
    const answer = register(url, agent, 'in_flight');
    await waitUntil('the request waits for the lock', async () => (await lockWaiters()) > 0);
    platform.signal('SIGTERM');
    await waitUntil('the shutdown began', () => platform.stdout().includes('shutting down'));
    await release();
    expect(await answer).toBe(201);
    // The hard limit would have ended it with 1, and the idle connection is kept for longer than that.
    expect(await platform.exit()).toBe(0);
    agent.destroy();
    const { rows } = await database.client.query(`select 1 from users where username = 'in_flight'`);
    expect(rows.length).toBe(1);
  });

  test('an idle keep-alive connection does not delay the end', async () => {
    const platform = startPlatform({ DATABASE_URL: database.url, ...patient });
    const url = new URL(await platform.url());
    const socket = connect(Number(url.port), url.hostname);
    socket.write('GET /health HTTP/1.1\r\nhost: x\r\nconnection: keep-alive\r\n\r\n');
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    await waitUntil('the answer arrived and the connection is idle', () => heard.includes('alive'));
    platform.signal('SIGTERM');
    expect(await platform.exit()).toBe(0);
    socket.destroy();
  });

  test('readiness goes off before the port closes', async () => {
    const platform = startPlatform({ DATABASE_URL: database.url, SHUTDOWN_PROPAGATION_MS: '8000', ...patient });
    const url = await platform.url();
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    platform.signal('SIGTERM');
    await waitUntil('readiness is off', async () => (await fetch(`${url}/ready`)).status === 503);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    platform.signal('SIGINT');
    expect(await platform.exit()).toBe(130);
  });

  test('what hangs is cut off at the hard limit, with exit code 1', async () => {
    const platform = startPlatform({
      DATABASE_URL: database.url,
      SHUTDOWN_TIMEOUT_MS: '1000',
      DATABASE_STATEMENT_TIMEOUT_MS: '15000',
      DATABASE_LOCK_TIMEOUT_MS: '15000',
    });
    const url = await platform.url();
    const release = await holdUsers();
    const agent = new Agent({ keepAlive: true });
    const answer = register(url, agent, 'never_done').catch((error: unknown) => error);
    await waitUntil('the request waits for the lock', async () => (await lockWaiters()) > 0);
    platform.signal('SIGTERM');
    // Waiting for the statement would have ended it with 0.
    expect(await platform.exit()).toBe(1);
    expect(await answer).toBeInstanceOf(Error);
    await release();
    agent.destroy();
  });

  test('a second signal ends it at once', async () => {
    const platform = startPlatform({ DATABASE_URL: database.url, SHUTDOWN_PROPAGATION_MS: '8000' });
    await platform.url();
    platform.signal('SIGTERM');
    await waitUntil('the shutdown began', () => platform.stdout().includes('shutting down'));
    platform.signal('SIGINT');
    expect(await platform.exit()).toBe(130);
  });
});
