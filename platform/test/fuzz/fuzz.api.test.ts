import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ErrorCode, errorCatalogue } from '../../src/errors.ts';
import { buildOpenApi } from '../../src/http/routes/openapi.ts';
import type { Route } from '../../src/http/routes/route.ts';
import { createTestApp, type SignedUpUser, type TestApp } from '../harness/test-app.ts';
import { type FuzzRequest, type KnownValues, requestOf } from './arbitraries.ts';

const seed = 20_261_122;
const requestsPerRoute = 8;

type Actor = 'anonymous' | 'owner' | 'stranger';

let host: TestApp;
let known: KnownValues;
const people = new Map<Actor, SignedUpUser>();
const declared = new Map<string, Readonly<Record<string, { readonly description: string }>>>();
const seen = new Map<number, number>();

beforeAll(async () => {
  host = await createTestApp({ environment: { RATE_LIMIT_FACTOR: '1000000' } });
  for (const actor of ['owner', 'stranger'] as const) people.set(actor, await host.signUp());
  const document = buildOpenApi(host.app.routes);
  for (const [path, operations] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(operations ?? {}))
      declared.set(`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, (operation as { responses: never }).responses);
  known = await plant();
});
afterAll(() => host.close());

/** A public and a private sanctum with posts, comments and cursors, for requests to lead to. */
async function plant(): Promise<KnownValues> {
  const owner = people.get('owner') ?? expect.fail('the owner was not signed up');
  const stranger = people.get('stranger') ?? expect.fail('the stranger was not signed up');
  const create = async (url: string, payload: object): Promise<string> => {
    const response = await host.app.inject({ method: 'POST', url, headers: owner.headers, payload });
    expect(response.statusCode, response.body).toBe(201);
    return response.json().id;
  };
  const postId: string[] = [];
  const commentId: string[] = [];
  for (const visibility of ['public', 'private']) {
    await create('/api/sanctums', { name: `${visibility}_place`, title: 'A place', visibility });
    for (let number = 1; number <= 4; number += 1) {
      const id = await create(`/api/sanctums/${visibility}_place/posts`, { kind: 'text', title: `Post ${number}`, body: 'Written' });
      postId.push(id);
      commentId.push(await create(`/api/posts/${id}/comments`, { body: 'Said' }));
    }
  }
  const pages = await Promise.all(
    ['/api/feeds/popular?limit=1', '/api/sanctums?limit=1', '/api/search?q=post&limit=1', '/api/sanctums/public_place/posts?limit=1'].map(
      async (url) => (await host.app.inject({ url, headers: owner.headers })).json().nextCursor as string,
    ),
  );
  expect(pages.every((cursor) => typeof cursor === 'string' && cursor.length > 20)).toBe(true);
  return {
    name: ['public_place', 'private_place', 'PUBLIC_PLACE'],
    username: [owner.user.username, stranger.user.username],
    postId,
    commentId,
    parentId: commentId,
    cursor: [...pages, `${pages[0]}x`, 'AAAA'],
  };
}

function urlOf(route: Route, { params, query }: FuzzRequest): string {
  const path = route.url.replaceAll(/:(\w+)/g, (_match, name: string) => encode(params[name]));
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => `${name}=${encode(one)}`));
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/** As a client would that has never heard of lone surrogates. */
function encode(value: unknown): string {
  return encodeURIComponent(String(value).toWellFormed());
}

async function send(route: Route, request: FuzzRequest, actor: Actor) {
  const { body, contentType, idempotencyKey } = request;
  return host.app.inject({
    method: route.method,
    url: urlOf(route, request),
    headers: {
      ...people.get(actor)?.headers,
      ...(body === undefined ? {} : { 'content-type': contentType }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    ...(body === undefined ? {} : { payload: body }),
  });
}

type Answer = Awaited<ReturnType<typeof send>>;

/** What is wrong with an answer; undefined when nothing is. */
function faultOf(route: Route, answer: Answer): string | undefined {
  const { statusCode: status } = answer;
  if (status >= 500) return `answered ${status}: ${answer.body}`;
  if (status < 400) {
    const shape = route.schema.response[status];
    if (shape === undefined) return `answered ${status}, which it does not declare`;
    if (!String(answer.headers['content-type']).startsWith('application/json')) return undefined;
    const parsed = shape.safeParse(answer.json());
    return parsed.success ? undefined : `answered ${status} with another shape: ${parsed.error.message}`;
  }
  if (!String(answer.headers['content-type']).startsWith('application/problem+json'))
    return `answered ${status} as ${answer.headers['content-type']}`;
  const problem = answer.json<{ code: ErrorCode; status: number }>();
  if (problem.status !== status || errorCatalogue[problem.code]?.status !== status) return `answered ${status} with ${answer.body}`;
  // A path that fits no route at all.
  if (problem.code === 'request.route_unknown') return undefined;
  const responses = declared.get(`${route.method} ${route.url}`);
  if (responses === undefined) return undefined;
  const codes = responses[status]?.description.split(', ') ?? [];
  return codes.includes(problem.code) ? undefined : `answered ${status} ${problem.code}, which the API document does not name`;
}

/** Some requests end the session they are sent with; the next one needs a new one. */
async function revive(): Promise<void> {
  for (const [actor, person] of people) {
    const me = await host.app.inject({ url: '/api/me', headers: person.headers });
    if (me.statusCode === 401) people.set(actor, await host.signUp());
  }
}

async function fuzz(route: Route): Promise<void> {
  const actors = fc.constantFrom<Actor>('anonymous', 'owner', 'owner', 'stranger');
  await fc.assert(
    fc.asyncProperty(requestOf(route, known), actors, async (request, actor) => {
      const answer = await send(route, request, actor);
      seen.set(answer.statusCode, (seen.get(answer.statusCode) ?? 0) + 1);
      const fault = faultOf(route, answer);
      if (fault !== undefined) throw new Error(`${route.method} ${urlOf(route, request)} ${request.body ?? ''} ${fault}`);
      if (answer.statusCode === 204) await revive();
    }),
    { seed, numRuns: requestsPerRoute, endOnFailure: true },
  );
}

describe('requests made from the declarations', () => {
  test('never break the server, and every refusal is a declared problem', { timeout: 120_000 }, async () => {
    const faults: string[] = [];
    for (const route of host.app.routes) {
      await fuzz(route).catch((error: unknown) => faults.push(`${route.operationId}: ${String(error)}`));
    }
    expect(faults).toEqual([]);
    // Hostile requests are refused, and enough of the others get through to reach the database.
    const count = (from: number, to: number) =>
      [...seen].reduce((sum, [status, times]) => (status >= from && status < to ? sum + times : sum), 0);
    expect(host.app.routes.length).toBeGreaterThan(40);
    expect(count(200, 300)).toBeGreaterThan(60);
    expect(count(400, 500)).toBeGreaterThan(60);
  });

  test('are noticed when an answer is not declared', async () => {
    const route = host.app.routes.find((candidate) => candidate.operationId === 'getPost') ?? expect.fail('there is no getPost');
    const answer = await host.app.inject('/api/posts/999999999');
    expect(faultOf(route, answer)).toBeUndefined();
    expect(faultOf({ ...route, method: 'POST', url: '/api/sanctums' }, answer)).toMatch(
      /post\.not_found, which the API document does not name/,
    );
    expect(faultOf(route, await host.app.inject('/api/feeds/popular'))).toMatch(/another shape/);
  });
});
