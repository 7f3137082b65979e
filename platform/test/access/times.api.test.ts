/** One shape for time: whatever route answers, and whether JavaScript or PostgreSQL wrote it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Route } from '../../src/http/routes/route.ts';
import { expectations } from './expectations.ts';
import type { Expectation } from './rows.ts';
import { createStage, type Stage, type WholeAnswer } from './stage.ts';

const oneShape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const password = 'walnut and brass 7';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
  const { statusCode } = await ask('/api/auth/register', { username: 'timekeeper', email: 'timekeeper@example.org' });
  expect(statusCode).toBe(201);
});
afterAll(() => stage.close());

/** Requests that the matrix has only refusals or other kinds for. */
const ownRequests: Readonly<Record<string, () => Promise<readonly WholeAnswer[]>>> = {
  signIn: async () => [await signIn()],
  refreshSession: async () => [
    await stage.host.app.inject({
      method: 'POST',
      url: '/api/auth/refresh',
      payload: { refreshToken: JSON.parse((await signIn()).body).refreshToken },
    }),
  ],
  search: () =>
    Promise.all(
      ['posts&q=written', 'sanctums&q=public', 'people&q=owner'].map((kind) => stage.host.app.inject(`/api/search?kind=${kind}`)),
    ),
};

function ask(url: string, payload: object): Promise<WholeAnswer> {
  return stage.host.app.inject({ method: 'POST', url, payload: { password, credentials: 'token', ...payload } });
}

function signIn(): Promise<WholeAnswer> {
  return ask('/api/auth/sign-in', { name: 'timekeeper' });
}

/** Of the first actors that are let in and are told a time. */
async function timesOf(route: Route, expectation: Expectation): Promise<readonly string[]> {
  const own = ownRequests[route.operationId];
  if (own !== undefined) return (await own()).flatMap(timesOfAnswer);
  for (const actor of ['owner', 'author', 'stranger', 'invited'] as const) {
    const times = timesOfAnswer(await stage.ask(route, expectation, actor, 'public'));
    if (times.length > 0) return times;
  }
  return [];
}

function timesOfAnswer({ statusCode, body }: WholeAnswer): string[] {
  return statusCode < 300 ? timesIn(JSON.parse(body)) : [];
}

/** What is a time by its name, and what looks like one under any name. */
function timesIn(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return name.endsWith('At') || /^\d{4}-\d{2}-\d{2}[T ]\d/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => timesIn(inner, Array.isArray(value) ? name : key));
}

function tellsTime(route: Route): boolean {
  return Object.values(route.schema.response).some((schema) =>
    JSON.stringify(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' })).includes('"date-time"'),
  );
}

test('times are found by name, by look and at any depth', () => {
  expect(timesIn({ createdAt: 'now', items: [{ of: { since: '2026-01-02T03:04:05+00:00', title: '2026' } }], editedAt: null })).toEqual([
    'now',
    '2026-01-02T03:04:05+00:00',
  ]);
});

test('every route that tells a time tells it in UTC with milliseconds and Z', async () => {
  const silent: string[] = [];
  const otherwise: string[] = [];
  const routes = stage.host.app.routes.filter(tellsTime);
  expect(routes.length).toBeGreaterThan(20);
  for (const route of routes) {
    const expectation = expectations[route.operationId];
    if (expectation === undefined) return expect.fail(`${route.operationId} has no expectation`);
    const times = await timesOf(route, expectation);
    if (times.length === 0) silent.push(route.operationId);
    const [wrong] = times.filter((time) => !oneShape.test(time));
    if (wrong !== undefined) otherwise.push(`${route.operationId}: ${wrong}`);
  }
  expect({ silent, otherwise }).toEqual({ silent: [], otherwise: [] });
});
