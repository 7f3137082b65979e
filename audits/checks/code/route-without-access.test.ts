import { expect, test } from 'vitest';
import { createTemporaryRepository, runOnRepository } from '../../test/temporary-repository.ts';
import routeWithoutAccess from './route-without-access.ts';

const path = 'platform/src/features/posts/posts.handlers.ts';

test.each([
  ['a route without access', `export const r = defineRoute({ method: 'GET', url: '/api/posts' });\n`, 'state who may call'],
  [
    'a route registered past the guards',
    `export const f = (app) => app.get('/api/secret', () => 1);\n`,
    'past platform/src/http/routes/register-routes.ts',
  ],
])('%s is named', async (_name, text, words) => {
  await using house = await createTemporaryRepository({ [path]: text });
  const { examined, findings } = await runOnRepository(routeWithoutAccess, house.repository);
  expect(examined).toBe(1);
  expect(findings).toMatchObject([{ location: `${path}:1` }]);
  expect(findings[0]?.detail).toContain(words);
});

test('a declared route and a map that is asked are no findings', async () => {
  const text = `export const r = defineRoute({ method: 'GET', url: '/api/posts', access: 'public' });\nexport const v = map.get('/api/posts');\n`;
  await using house = await createTemporaryRepository({ [path]: text });
  expect(await runOnRepository(routeWithoutAccess, house.repository)).toEqual({ examined: 1, findings: [] });
});

test('access may stand in a constant that is spread in', async () => {
  const text = (access: string) =>
    `const page = { method: 'GET'${access} } as const;\nexport const r = defineRoute({ ...page, url: '/api/posts' });\n`;
  await using house = await createTemporaryRepository({ [path]: text(`, access: 'public'`) });
  expect(await runOnRepository(routeWithoutAccess, house.repository)).toEqual({ examined: 1, findings: [] });
  house.write(path, text(''));
  expect((await runOnRepository(routeWithoutAccess, house.repository)).findings).toHaveLength(1);
});
