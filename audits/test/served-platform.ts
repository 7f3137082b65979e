import { afterAll, beforeAll } from 'vitest';
import { createTestApp, type TestApp, type TestAppOptions } from '../../platform/test/harness/test-app.ts';
import type { Check, CheckResult, ConfigTarget, HttpTarget } from '../src/check.ts';
import { openHttp } from '../src/targets/http.ts';
import { runInWorld } from './context.ts';

/** What the platform answered, to be changed as a fault or a proxy in front would. */
export type Tamper = (answer: {
  path: string;
  init: RequestInit;
  status: number;
  headers: Headers;
  text: string;
}) => { status?: number; headers?: Headers; text?: string } | undefined;

export interface ServedPlatform {
  /** The whole platform as it is, or with its answers tampered with. */
  look(check: Check, options?: { tamper?: Tamper; config?: ConfigTarget; databaseUrl?: string }): Promise<CheckResult>;
  /** The same as a reviewer who knows this token, or none. */
  lookWith(check: Check, operationsToken: string | undefined): Promise<CheckResult>;
  readonly app: TestApp;
}

/** The real platform on a port of its own for one test file. Registers its own clean-up. */
export function servedPlatform(options: TestAppOptions = {}): ServedPlatform {
  let app: TestApp | undefined;
  let http: HttpTarget | undefined;
  const current = () => {
    if (app === undefined || http === undefined) throw new Error('The platform exists only while tests run.');
    return { app, http };
  };
  beforeAll(async () => {
    app = await createTestApp(options);
    http = await openHttp(await app.listen());
  });
  afterAll(async () => {
    await app?.close();
  });
  return {
    get app() {
      return current().app;
    },
    lookWith: (check, operationsToken) =>
      runInWorld(check, {
        baseUrl: current().http.baseUrl,
        databaseUrl: current().app.database.url,
        config: { profile: 'development', env: { OPERATIONS_TOKEN: operationsToken } },
      }),
    look: (check, { tamper, config, databaseUrl } = {}) =>
      runInWorld(check, {
        http: tamper === undefined ? current().http : tampered(current().http, tamper),
        databaseUrl: databaseUrl ?? current().app.database.url,
        config: config ?? { profile: 'development', env: { ALLOWED_ORIGINS: options.environment?.['ALLOWED_ORIGINS'] } },
      }),
  };
}

function tampered(http: HttpTarget, tamper: Tamper): HttpTarget {
  return {
    baseUrl: http.baseUrl,
    fetch: async (path, init = {}) => {
      const response = await http.fetch(path, init);
      const seen = { path, init, status: response.status, headers: new Headers(response.headers), text: await response.text() };
      const changed = { ...seen, ...tamper(seen) };
      return new Response(changed.text === '' ? null : changed.text, { status: changed.status, headers: changed.headers });
    },
  };
}
