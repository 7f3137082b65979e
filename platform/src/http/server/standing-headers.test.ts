import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type BareServer, createBareServer } from '../../../test/harness/bare-server.ts';
import { sendRaw } from '../../../test/harness/raw-http.ts';
import { defineRoute } from '../routes/route.ts';
import { createStandingHeader, createStandingHeaders } from './standing-headers.ts';

let server: BareServer | undefined;
afterEach(async () => {
  await server?.app.close();
  server = undefined;
});

const common = {
  method: 'GET',
  tags: ['test'],
  access: 'public',
  rateLimit: 'read',
  statementsMax: 0,
  degradation: 'full',
  summary: 'A test route',
  schema: { response: { 200: z.object({}) } },
} as const;
const routes = [
  defineRoute({ ...common, url: '/api/plain', operationId: 'plain', handler: async () => ({}) }),
  defineRoute({
    ...common,
    url: '/api/own',
    operationId: 'own',
    handler: async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=60').header('content-security-policy', "default-src 'self': x");
      return {};
    },
  }),
  defineRoute({
    ...common,
    url: '/api/raw',
    operationId: 'raw',
    handler: async (_request, reply) => {
      reply.raw.setHeader('Cache-Control', 'private');
      return {};
    },
  }),
  defineRoute({
    ...common,
    url: '/api/array',
    operationId: 'array',
    handler: async (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, ['cache-control', 'private', 'content-length', '2']).end('{}');
    },
  }),
];

async function bySocket(path: string): Promise<[name: string, value: string][]> {
  server ??= await createBareServer(routes);
  const port = await server.listen();
  const { text } = await sendRaw(port, `GET ${path} HTTP/1.1\r\nhost: x\r\nx-request-id: chosen-here\r\nconnection: close\r\n\r\n`);
  const lines = text.split('\r\n\r\n', 1)[0]?.split('\r\n').slice(1) ?? [];
  return lines.map((line) => [line.slice(0, line.indexOf(': ')).toLowerCase(), line.slice(line.indexOf(': ') + 2)]);
}

const ofTheConnection: ReadonlySet<string> = new Set(['date', 'connection', 'keep-alive']);

test.each(['/api/plain', '/api/own', '/api/nothing'])(
  '%s: the headers on a connection are those of an injected request, in the same order',
  async (path) => {
    const sent = await bySocket(path);
    const injected = await server?.app.inject({ url: path, headers: { host: 'x', 'x-request-id': 'chosen-here' } });
    const expected = Object.entries(injected?.headers ?? {}).map(([name, value]): [string, string] => [name, String(value)]);
    const own = ([name]: [string, string]) => !ofTheConnection.has(name);
    // One request of the limit was spent by the first of the two.
    const counted = ([name, value]: [string, string]) => [name, name === 'ratelimit-remaining' ? 'counted' : value];
    expect(expected.length).toBeGreaterThan(8);
    expect(sent.filter(own).map(counted)).toEqual(expected.filter(own).map(counted));
  },
);

test.each([
  ['/api/own', 'public, max-age=60'],
  ['/api/raw', 'private'],
  ['/api/array', 'private'],
])('%s says one of them itself: it is sent once, the others stand', async (path, value) => {
  const sent = await bySocket(path);
  expect(sent.filter(([name]) => name === 'cache-control')).toEqual([['cache-control', value]]);
  expect(sent).toContainEqual(['x-content-type-options', 'nosniff']);
  expect(sent).toContainEqual(['x-request-id', 'chosen-here']);
  expect(new Set(sent.map(([name]) => name)).size).toBe(sent.length);
});

test('a header that would break the answer in two is refused when it is declared', () => {
  expect(() => createStandingHeaders({ 'x-one': 'a\r\nx-two: b' })).toThrow(/invalid character/i);
  expect(() => createStandingHeader('x one')).toThrow(/valid http token/i);
});
