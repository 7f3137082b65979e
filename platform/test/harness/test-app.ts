/** The whole platform on a fresh database, reached by `app.inject` or, after `listen`, over a real port. */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { type App, buildApp } from '../../src/app.ts';
import type { Environment } from '../../src/config/config.ts';
import type { Database } from '../../src/db/database.ts';
import type { Store } from '../../src/redis/store.ts';
import { createLogger } from '../../src/telemetry/logging.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts';
import { instancesAsked, openStores, putBehindProxy } from './behind-proxy.ts';
import { testConfig } from './test-config.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

export interface SignedUpUser {
  /** Headers of a signed-in API user. */
  readonly headers: { readonly authorization: string };
  readonly user: { readonly id: string; readonly username: string };
  readonly password: string;
  readonly refreshToken: string;
}

export interface TestApp {
  readonly app: App;
  readonly db: Database;
  /** A bare client for planting and looking. */
  readonly client: pg.Client;
  readonly database: TestDatabase;
  readonly store: Store;
  readonly metrics: Metrics;
  /** Lines the platform logged, parsed. */
  readonly logs: readonly Record<string, unknown>[];
  /** Requests that ran more statements than their route declares; close() throws when there are any. */
  readonly overBudget: string[];
  /** Registers an account over the API; a made-up name when none is given. */
  signUp(name?: string): Promise<SignedUpUser>;
  /** Opens a real port and returns the base URL. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  readonly environment?: Environment;
  /** Share a database between two instances. */
  readonly database?: TestDatabase;
  readonly store?: Store;
  readonly isShuttingDown?: () => boolean;
}

const logLinesMax = 10_000;

export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await createTestDatabase());
  const several = instancesAsked > 1;
  const config = testConfig({ DATABASE_URL: database.url, ...(several ? { TRUST_PROXY: '127.0.0.1' } : {}), ...options.environment });
  const stores = await openStores(instancesAsked, options.store);
  const metrics = createMetrics();
  const logs: Record<string, unknown>[] = [];
  const logger = createLogger({
    level: config.logLevel,
    destination: {
      write: (line: string) => {
        if (logs.length < logLinesMax) logs.push(JSON.parse(line) as Record<string, unknown>);
      },
    },
  });
  const overBudget: string[] = [];
  const schemaHead = await appliedHead(database.client);
  const build = async (store: Store) => {
    const built = await buildApp({
      config,
      db: database.db,
      store,
      logger,
      metrics,
      schemaHead,
      ...(options.isShuttingDown === undefined ? {} : { isShuttingDown: options.isShuttingDown }),
      onBudgetExceeded: (route, statements, statementsMax) =>
        overBudget.push(`${route} ran ${statements} statements, its budget is ${statementsMax}`),
    });
    await built.ready();
    return built;
  };
  const [first, ...others] = stores.each;
  if (first === undefined) throw new Error('SANCTUM_TEST_INSTANCES has to be a number from 1 on');
  const only = await build(first);
  const behind = several ? await putBehindProxy([only, ...(await Promise.all(others.map(build)))]) : undefined;
  const app = behind?.app ?? only;
  return {
    app,
    db: database.db,
    client: database.client,
    database,
    store: first,
    metrics,
    logs,
    overBudget,
    signUp: (name) => signUp(app, name ?? `user_${randomBytes(6).toString('hex')}`),
    listen: () => app.listen({ host: '127.0.0.1', port: 0 }),
    close: async () => {
      await (behind === undefined ? only.close() : behind.close());
      await stores.close();
      if (options.database === undefined) await database.close();
      if (overBudget.length > 0) throw new Error(`statement budgets were exceeded: ${[...new Set(overBudget)].join('; ')}`);
    },
  };
}

async function appliedHead(client: pg.Client): Promise<number> {
  const result = await client.query<{ head: number }>('select max(number)::integer as head from schema_migrations');
  const head = result.rows[0]?.head;
  if (head === undefined || head === null) throw new Error('the test database has no migrations: the template is empty');
  return head;
}

async function signUp(app: App, username: string): Promise<SignedUpUser> {
  const password = `Pw-${randomBytes(9).toString('base64url')}`;
  const response = await app.inject({
    method: 'POST',
    url: '/api/auth/register',
    payload: { username, email: `${username}@example.org`, password, credentials: 'token' },
  });
  if (response.statusCode !== 201) throw new Error(`signing up ${username} answered ${response.statusCode}: ${response.body}`);
  const signedIn = response.json<{ user: { id: string; username: string }; accessToken: string; refreshToken: string }>();
  return {
    headers: { authorization: `Bearer ${signedIn.accessToken}` },
    user: signedIn.user,
    password,
    refreshToken: signedIn.refreshToken,
  };
}
