import { expect, test } from 'vitest';
import { createTemporaryRepository, runOnRepository } from '../../test/temporary-repository.ts';
import otherDialect from './other-dialect.ts';

const made = 'export interface Database { close(): void }\nexport function createDatabase(): Database { return { close() {} }; }\n';
const clean = {
  'platform/src/database.ts': made,
  'platform/src/posts.ts': [
    "import type { Database } from './database.ts';",
    'interface PostsDependencies { readonly db: Database; readonly pageMax: number }',
    'export interface Posts { readonly size: number }',
    'export function createPosts({ pageMax }: PostsDependencies): Posts { return { size: pageMax }; }',
    // What is no factory, and what is given only values, is called as it likes.
    'interface PageOptions { readonly db: Database }',
    'export const pageOf = (options: PageOptions) => options;',
    'interface ClockOptions { readonly stepMs: number; readonly onTick: (db: Database) => void }',
    'export function createClock({ stepMs }: ClockOptions): number { return stepMs; }',
    'export interface Pinned extends Posts { readonly pinned: true }',
    "export type Either = { readonly kind: 'a' } | { readonly kind: 'b' };",
    '',
  ].join('\n'),
  'platform/openapi.json': JSON.stringify({
    paths: {
      '/api/posts': {
        get: {
          parameters: [
            { in: 'query', name: 'pageSize' },
            { in: 'header', name: 'Idempotency-Key' },
          ],
        },
      },
    },
  }),
};

test('one dialect has no finding, and was looked at', async () => {
  await using house = await createTemporaryRepository(clean);
  expect(await runOnRepository(otherDialect, house.repository)).toEqual({ examined: 3, findings: [] });
});

const options = (members: string) =>
  `import type { Database } from './database.ts';\ninterface LikesOptions { ${members} }\nexport function createLikes(options: LikesOptions): object { return options; }\n`;

test.each([
  ['a factory with options that hold a database', 'platform/src/likes.ts', options('db: Database'), 'LikesDependencies'],
  ['the same for one that may be absent', 'platform/src/likes.ts', options('db: Database | undefined'), 'LikesDependencies'],
  ['the same for a part of it', 'platform/src/likes.ts', options("db: Pick<Database, 'close'>"), 'LikesDependencies'],
  [
    'the same for an arrow function and a database that is waited for',
    'ops-cli/src/likes.ts',
    'interface Deps { pool: Pool }\ninterface Pool {}\nexport const createLikes = ({ pool }: Deps): object => pool;\nexport const createPool = async (): Promise<Pool> => ({});\n',
    'Dependencies',
  ],
  ['the short word in the web app', 'platform/web/src/app.tsx', 'export interface AppDeps { readonly x: number }\n', 'AppDependencies'],
  ['an object joined to a type', 'audits/src/a.ts', 'type A = { x: 1 };\nexport type B = A & { readonly y: 2 };\n', 'interface B extends'],
  [
    'a query parameter with an underscore',
    'platform/openapi.json',
    JSON.stringify({ paths: { '/api/x': { get: { parameters: [{ in: 'query', name: 'page_size' }] } } } }),
    'make docs',
  ],
])('%s is named, and gone when undone', async (_name, path, text, fix) => {
  await using house = await createTemporaryRepository(clean);
  house.write(path, text);
  const { findings } = await runOnRepository(otherDialect, house.repository);
  expect(findings).toHaveLength(1);
  expect(findings[0]?.fix).toContain(fix);
  house.write(path, path.endsWith('.json') ? '{}' : '\n');
  expect((await runOnRepository(otherDialect, house.repository)).findings).toEqual([]);
});
