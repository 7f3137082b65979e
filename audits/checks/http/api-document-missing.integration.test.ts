import { expect, test } from 'vitest';
import { servedPlatform, type Tamper } from '../../test/served-platform.ts';
import check from './api-document-missing.ts';

const platform = servedPlatform();
const document =
  (change: (text: string) => string): Tamper =>
  ({ path, text }) =>
    path === '/api/openapi.json' ? { text: change(text) } : undefined;

test('the document of the platform as it is is served, readable and true', async () => {
  const { examined, findings } = await platform.look(check);
  expect(examined).toBeGreaterThan(6);
  expect(findings).toEqual([]);
});

test.each<[string, Tamper, string, string | undefined]>([
  ['a page in its place', document(() => '<html>'), 'GET /api/openapi.json', 'high'],
  ['a document without paths', document(() => '{"openapi":"3.1.0","paths":{}}'), 'GET /api/openapi.json', 'high'],
  ['an older version', document((text) => text.replace('"3.1.0"', '"3.0.3"')), 'GET /api/openapi.json', undefined],
  [
    'a route that does not exist',
    document((text) => text.replaceAll('"/api/feeds/popular"', '"/api/feeds/unpopular"')),
    'GET /api/feeds/unpopular',
    undefined,
  ],
  ['no page to read it', ({ path }) => (path === '/api/docs' ? { status: 404 } : undefined), 'GET /api/docs', 'low'],
])('%s is named', async (_name, tamper, subject, severity) => {
  const { findings } = await platform.look(check, { tamper });
  expect(findings.map((finding) => [finding.subject, finding.severity])).toEqual([[subject, severity]]);
});
