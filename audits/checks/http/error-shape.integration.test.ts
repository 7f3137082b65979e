import { expect, test } from 'vitest';
import { servedPlatform, type Tamper } from '../../test/served-platform.ts';
import check from './error-shape.ts';

const platform = servedPlatform();
const otherName = servedPlatform({ environment: { ALLOWED_HOSTS: 'sanctum.example' } });

test('every error of the platform as it is has the one shape', async () => {
  expect(await platform.look(check)).toEqual({ examined: 6, findings: [] });
});

const on404 =
  (change: (text: string, headers: Headers) => string): Tamper =>
  ({ status, text, headers }) =>
    status === 404 ? { text: change(text, headers), headers } : undefined;

test.each<[string, Tamper]>([
  ['the content type is text/html', on404((text, headers) => (headers.set('content-type', 'text/html'), text))],
  ['the code is missing, not request.route_unknown', on404(() => '<h1>Not found</h1>')],
  ['the request id of the body is not that of the header', on404((text, headers) => (headers.delete('x-request-id'), text))],
  ['title, detail or status is missing', on404((text) => text.replace('"detail"', '"message"'))],
])('%s: named with its route', async (fault, tamper) => {
  const { findings } = await platform.look(check, { tamper });
  expect(findings).toMatchObject([{ location: 'GET /api/no-such-route' }]);
  expect(findings[0]?.detail).toContain(fault);
});

test('an error that shows a stack is high', async () => {
  const stack = 'Error: x\\n    at find (/srv/app/posts.ts:12:3)';
  const { findings } = await platform.look(check, { tamper: on404((text) => text.replace('{', `{"stack":"${stack}",`)) });
  expect(findings).toMatchObject([{ severity: 'high' }]);
});

test('a platform that does not answer under the name of the review is not called broken', async () => {
  const refused: unknown = await otherName.look(check).catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: 'CouldNotLook', fix: expect.stringContaining('PUBLIC_ORIGIN') });
});
