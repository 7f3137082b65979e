/** What each route declares about life without Redis, and without PostgreSQL, is what it does. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase } from '../../src/db/database.ts';
import { errorCatalogue } from '../../src/errors.ts';
import type { Route } from '../../src/http/routes/route.ts';
import type { Store } from '../../src/redis/store.ts';
import { createTestApp, type TestApp } from '../harness/test-app.ts';
import { expectations } from './expectations.ts';
import type { Answer } from './rows.ts';
import { createStage, type Stage } from './stage.ts';

const unavailable = 503;
const statusOf = (answer: Answer) => (typeof answer === 'number' ? answer : errorCatalogue[answer].status);

/** What is wrong with an answer that came without Redis. */
function faultWithoutStore(
  { operationId, degradation }: Pick<Route, 'operationId' | 'degradation'>,
  usual: Answer,
  answer: Answer,
): string | undefined {
  const promised = degradation === 'full' ? answer === usual : statusOf(answer) === unavailable;
  return promised ? undefined : `${operationId} is declared ${degradation}, usually answers ${usual}, and answered ${answer}`;
}

/** A Redis that fails at every command. */
function brokenStore(): Store {
  const fail = () => Promise.reject(new Error('the store is away'));
  return new Proxy({ kind: 'redis' } as Store, {
    get: (target, name) => (name === 'kind' ? target.kind : name === 'then' ? undefined : name === 'close' ? async () => undefined : fail),
  });
}

test('a route that keeps no promise is named, and one that keeps it is not', () => {
  expect(faultWithoutStore({ operationId: 'a', degradation: 'full' }, 200, 'server.internal')).toContain('declared full');
  expect(faultWithoutStore({ operationId: 'a', degradation: 'full' }, 200, 200)).toBeUndefined();
  expect(faultWithoutStore({ operationId: 'a', degradation: 'fail-fast' }, 200, 200)).toContain('declared fail-fast');
  expect(faultWithoutStore({ operationId: 'a', degradation: 'fail-fast' }, 200, 'server.busy')).toBeUndefined();
});

describe('without Redis', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await createStage({ store: brokenStore() });
  });
  afterAll(() => stage.close());

  test.each(Object.keys(expectations))('%s does what it declares', async (operation) => {
    const expectation = expectations[operation];
    const route = stage.host.app.routes.find((candidate) => candidate.operationId === operation);
    if (expectation === undefined || route === undefined) return expect.fail(`there is no route ${operation}`);
    for (const actor of ['anonymous', 'member', 'owner'] as const) {
      const answer = await stage.play(route, expectation, actor, 'public');
      expect(faultWithoutStore(route, expectation.public[actor], answer), actor).toBeUndefined();
    }
  });
});

describe('without PostgreSQL', () => {
  let stage: Stage;
  let cutOff: TestApp;
  const nobody = createDatabase({
    url: 'postgres://nobody:nothing@127.0.0.1:1/none',
    poolMax: 5,
    waitersMax: 10,
    connectTimeoutMs: 1000,
    statementTimeoutMs: 1000,
    lockTimeoutMs: 1000,
    applicationName: 'sanctum-test-nobody',
  });
  beforeAll(async () => {
    stage = await createStage();
    cutOff = await createTestApp({ database: { ...stage.host.database, db: nobody }, environment: { RATE_LIMIT_FACTOR: '1000' } });
  });
  afterAll(async () => {
    await cutOff.close();
    await nobody.close();
    await stage.close();
  });

  test.each(Object.keys(expectations))('%s says so at once, or needs none', async (operation) => {
    const expectation = expectations[operation];
    const route = stage.host.app.routes.find((candidate) => candidate.operationId === operation);
    if (expectation === undefined || route === undefined) return expect.fail(`there is no route ${operation}`);
    const answer = await stage.play(route, expectation, 'member', 'public', cutOff.app);
    const usual = expectation.public.member;
    // Some refusals need no statement: a token that nobody signed.
    const needsNone = (route.statementsMax === 0 && route.access !== 'user') || (typeof usual !== 'number' && answer === usual);
    if (needsNone) expect(answer).toBe(usual);
    else expect(statusOf(answer), String(answer)).toBe(unavailable);
  });
});
