import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/harness/test-app.ts';
import { errorCatalogue } from '../../errors.ts';

let testApp: TestApp;
beforeAll(async () => {
  testApp = await createTestApp();
});
afterAll(() => testApp.close());

test('the served document is the committed one', async () => {
  const response = await testApp.app.inject('/api/openapi.json');
  expect(response.headers['content-type']).toContain('application/json');
  expect(response.json()).toEqual(JSON.parse(readFileSync(join(import.meta.dirname, '../../../openapi.json'), 'utf8')));
});

test('the API page and every file it names are there', async () => {
  const page = await testApp.app.inject('/api/docs');
  const files = [...page.body.matchAll(/(?:src|href)="(\/api\/docs\/[^"]+)"/g)].map((match) => match[1] ?? '');
  expect(files.length).toBe(3);
  for (const file of files) expect((await testApp.app.inject(file)).statusCode, file).toBe(200);
  expect((await testApp.app.inject('/api/docs/package.json')).statusCode).toBe(404);
});

test('the error page explains every code under the address that problems name', async () => {
  const { body } = await testApp.app.inject('/api/errors');
  for (const code of Object.keys(errorCatalogue)) expect(body).toContain(`id="${code}"`);
});

test('every route of the server is a declaration, so each says who may call it', () => {
  const declared = new Set(testApp.app.routes.map((route) => `${route.method} ${route.url}`));
  const served = testApp.app.routes.filter((route) => testApp.app.hasRoute({ method: route.method, url: route.url }));
  expect(served.length).toBe(declared.size);
  // Nodes of the router's tree that end in a method: as many as declared, GET counting for its HEAD.
  const registered = [...testApp.app.printRoutes({ commonPrefix: false }).matchAll(/\(([A-Z, ]+)\)/g)]
    .flatMap((match) => (match[1] ?? '').split(', '))
    .filter((method) => method !== 'HEAD');
  expect(registered.length).toBe(declared.size);
});
