import { expect, test } from 'vitest';
import { createTemporaryRepository, runOnRepository } from '../../test/temporary-repository.ts';
import layerBroken from './layer-broken.ts';

const feature = 'platform/src/features/posts';
const clean = {
  [`${feature}/posts.handlers.ts`]: `import { createPosts } from './posts.service.ts';\nexport const routes = createPosts;\n`,
  [`${feature}/posts.service.ts`]: `import { save } from './posts.repository.ts';\nexport const createPosts = save;\n`,
  [`${feature}/posts.repository.ts`]: `import { insertPost } from './posts.queries.ts';\nexport const save = insertPost;\n`,
  [`${feature}/posts.queries.ts`]: `export const insertPost = 1;\n`,
  'platform/src/features/feeds/feeds.service.ts': `import type { createPosts } from '../posts/posts.service.ts';\nexport type Posts = typeof createPosts;\n`,
  'platform/src/features/feeds/feeds.queries.ts': `import { postJson } from '../posts/posts.fragments.queries.ts';\nexport const feed = postJson;\n`,
  'audits/src/a.ts': `import { b } from '@sanctum/platform/errors';\nexport const a = b;\n`,
};

const planted = [
  ['a handler that reads queries', `${feature}/posts.handlers.ts`, `import { insertPost } from './posts.queries.ts';`, 'queries'],
  [
    'a repository that calls its service',
    `${feature}/posts.repository.ts`,
    `import type { createPosts } from './posts.service.ts';`,
    'service',
  ],
  [
    'a feature in another repository',
    'platform/src/features/feeds/feeds.service.ts',
    `import { save } from '../posts/posts.repository.ts';`,
    'posts',
  ],
  ['a job that calls its service', `${feature}/posts.jobs.ts`, `import { createPosts } from './posts.service.ts';`, 'service'],
  ['a repository that asks for a job', `${feature}/posts.repository.ts`, `import { tellReaders } from './posts.jobs.ts';`, 'jobs'],
  [
    'the machinery of jobs that knows a feature',
    'platform/src/jobs/runner.ts',
    `import { tellReaders } from '../features/posts/posts.jobs.ts';`,
    'back up',
  ],
  ['the platform importing the audits', 'platform/src/app.ts', `import { a } from '@sanctum/audits/check';`, 'audits'],
  ['a relative path out of a package', 'audits/src/a.ts', `import { b } from '../../platform/src/errors.ts';`, 'relative path'],
  ['a package that imports itself by name', 'platform/src/app.ts', `import { e } from '@sanctum/platform/errors';`, 'itself'],
  ['a lazy import in a template', 'platform/src/app.ts', 'const a = await import(`@sanctum/audits/check`);', 'audits'],
  [
    'a room that uses what stands above it',
    'platform/src/db/database.ts',
    `import { createPosts } from '../features/posts/posts.service.ts';`,
    'back up',
  ],
  [
    'a type that runs back up',
    'platform/src/telemetry/logging.ts',
    `import type { save } from '../features/posts/posts.repository.ts';`,
    'back up',
  ],
  ['a step that knows a command', 'ops-cli/src/steps/steps.ts', `import { up } from '../commands/up/up.handler.ts';`, 'back up'],
  ['a room that stands on no floor', 'platform/src/cellar/wine.ts', `import { e } from '../errors.ts';`, 'do not know'],
  ['a lazy import', 'platform/src/app.ts', `const a = await import('@sanctum/audits/check');`, 'audits'],
] as const;

test('a clean house has imports and no finding', async () => {
  await using house = await createTemporaryRepository(clean);
  const result = await runOnRepository(layerBroken, house.repository);
  expect(result.examined).toBe(6);
  expect(result.findings).toEqual([]);
});

test.each(planted)('%s is named with its line, and gone when undone', async (_name, path, line, words) => {
  await using house = await createTemporaryRepository(clean);
  house.write(path, `// first line\n${line}\n`);
  const { findings } = await runOnRepository(layerBroken, house.repository);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ location: `${path}:2` });
  expect(findings[0]?.detail).toContain(words);
  house.write(path, '// first line\n');
  expect((await runOnRepository(layerBroken, house.repository)).findings).toEqual([]);
});

test('a circle of imports is named once; a circle of types is none', async () => {
  await using house = await createTemporaryRepository({
    'platform/src/db/a.ts': `import { b } from './b.ts';\nexport const a = b;\n`,
    'platform/src/db/b.ts': `import { a } from './a.ts';\nexport const b = a;\n`,
  });
  const { findings } = await runOnRepository(layerBroken, house.repository);
  expect(findings.map((finding) => finding.subject)).toEqual(['platform/src/db/a.ts → platform/src/db/b.ts → platform/src/db/a.ts']);
  house.write('platform/src/db/b.ts', `import type { a } from './a.ts';\nexport type B = typeof a;\n`);
  expect((await runOnRepository(layerBroken, house.repository)).findings).toEqual([]);
});

test('a file that does not parse is not called clean', async () => {
  await using house = await createTemporaryRepository({ 'platform/src/a.ts': 'const = ;\n' });
  await expect(runOnRepository(layerBroken, house.repository)).rejects.toThrow('platform/src/a.ts:1 does not parse');
});
