import { afterEach, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestAppOptions } from '../../../test/harness/test-app.ts';
import { withServer } from '../../../test/harness/template.ts';
import { testServerUrl } from '../../../test/harness/test-database.ts';
import { createInProcessStore } from '../../redis/in-process-store.ts';
import { StoreUnavailable, type Store } from '../../redis/store.ts';

interface Readiness {
  readonly status: string;
  readonly parts: Readonly<
    Record<'database' | 'migrations' | 'store' | 'lifecycle', { readonly ok: boolean; readonly required: boolean; readonly detail: string }>
  >;
}

let testApp: TestApp;
afterEach(() => testApp.close());

async function probe(options: TestAppOptions = {}, before?: (app: TestApp) => Promise<unknown>) {
  testApp = await createTestApp(options);
  await before?.(testApp);
  const ready = await testApp.app.inject('/ready');
  const health = await testApp.app.inject('/health');
  return { status: ready.statusCode, body: ready.json<Readiness>(), health: health.statusCode };
}

test('everything in place: ready, each part says what it proved', async () => {
  const { status, body, health } = await probe();
  expect([status, body.status, health]).toEqual([200, 'ready', 200]);
  expect(Object.values(body.parts).every((part) => part.ok)).toBe(true);
  expect(body.parts.store.detail).toContain('published and received');
  expect(await testApp.metrics.scrape()).toContain('sanctum_ready 1');
});

/** Records a migration that this code does not know: null for one from before it was asked what it breaks. */
function recordNewer(breaksBefore: (head: number) => number | null) {
  return async ({ client }: TestApp) => {
    const { rows } = await client.query<{ head: number }>('select max(number)::integer as head from schema_migrations');
    const head = rows[0]?.head ?? 0;
    await client.query(
      `insert into schema_migrations
       select (jsonb_populate_record(m, jsonb_build_object('number', $1::integer + 1, 'name', '9999_later.sql', 'breaks_before', $2::integer))).*
       from schema_migrations m where number = $1`,
      [head, breaksBefore(head)],
    );
  };
}

test('a schema newer than the code that leaves it working: ready, and the difference is named', async () => {
  const { status, body } = await probe(
    {},
    recordNewer(() => 0),
  );
  expect(status).toBe(200);
  expect(body.parts.migrations.detail).toContain('keeps code for');
});

test.each([
  ['needs newer code', (head: number) => head + 1],
  ['does not say what it breaks', () => null],
])('a schema newer than the code that %s: not ready, and alive', async (_what, breaksBefore) => {
  const { status, body, health } = await probe({}, recordNewer(breaksBefore));
  expect([status, health]).toEqual([503, 200]);
  expect(body.parts.migrations.detail).toContain('npx sanctum-ops migrate status');
  expect(await testApp.metrics.scrape()).toContain('sanctum_ready 0');
});

test('the database refuses connections: not ready, and alive', async () => {
  const { status, body, health } = await probe({}, ({ database }) => allowConnections(database.url, false));
  expect([status, body.parts.database.ok, health]).toEqual([503, false, 200]);
  await allowConnections(testApp.database.url, true);
  expect((await testApp.app.inject('/ready')).statusCode).toBe(200);
});

/** Opens or closes the database to everyone; closing ends the connections of the pool. */
async function allowConnections(url: string, allowed: boolean): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await withServer(testServerUrl(), async (server) => {
    await server.query(`alter database ${name} allow_connections ${allowed}`);
    if (!allowed)
      await server.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name = 'sanctum-test'`,
        [name],
      );
  });
}

test('shutting down: not ready, and alive', async () => {
  const { status, body, health } = await probe({ isShuttingDown: () => true });
  expect([status, body.parts.lifecycle.ok, health]).toEqual([503, false, 200]);
});

test('a store that is away is reported and does not take the instance out of service', async () => {
  const away: Store = { ...createInProcessStore(), publish: () => Promise.reject(new StoreUnavailable(new Error('planted'))) };
  const { status, body } = await probe({ store: away });
  expect([status, body.parts.store.ok, body.parts.store.required]).toEqual([200, false, false]);
});

test('a store that accepts messages and delivers none is reported', async () => {
  const deaf: Store = { ...createInProcessStore(), subscribe: async () => ({ close: async () => {} }) };
  const { body } = await probe({ store: deaf });
  expect(body.parts.store).toMatchObject({ ok: false, detail: 'published, never received' });
});
