import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type BareServer, createBareServer } from '../../../test/harness/bare-server.ts';
import { waitUntil } from '../../../test/harness/wait-until.ts';
import { defineRoute } from '../routes/route.ts';

let server: BareServer;
afterEach(() => server.app.close());

const base = {
  method: 'GET',
  tags: [],
  access: 'public',
  rateLimit: 'read',
  statementsMax: 0,
  degradation: 'full',
  schema: { response: { 200: z.object({}) } },
} as const;

test('a client that leaves before its answer is counted and logged once, as 499', async () => {
  const begun = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const slow = defineRoute({
    ...base,
    url: '/api/slow',
    operationId: 'slow',
    summary: 'Waits',
    handler: async () => {
      begun.resolve();
      await left.promise;
      return {};
    },
  });
  server = await createBareServer([slow]);
  const port = await server.listen();
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /api/slow HTTP/1.1\r\nhost: x\r\n\r\n');
  await begun.promise;
  expect(await server.metrics.scrape()).toContain('sanctum_http_requests_in_flight 1');
  socket.destroy();
  await waitUntil('the access line', () => server.logs.some((line) => line['route'] === '/api/slow'));
  left.resolve();
  await waitUntil('no request in flight', async () => (await server.metrics.scrape()).includes('sanctum_http_requests_in_flight 0'));
  expect(server.logs.filter((line) => line['route'] === '/api/slow')).toMatchObject([{ status: 499 }]);
});

test('an answered request is counted and logged once, with its own status', async () => {
  const quick = defineRoute({ ...base, url: '/api/quick', operationId: 'quick', summary: 'Answers', handler: async () => ({}) });
  server = await createBareServer([quick]);
  const port = await server.listen();
  await (await fetch(`http://127.0.0.1:${port}/api/quick`)).arrayBuffer();
  await waitUntil('no request in flight', async () => (await server.metrics.scrape()).includes('sanctum_http_requests_in_flight 0'));
  expect(server.logs.filter((line) => line['route'] === '/api/quick')).toMatchObject([{ status: 200 }]);
});
