import { expect, test } from 'vitest';
import { createTemporaryRepository, runOnRepository } from '../../test/temporary-repository.ts';
import check from './sql-outside-catalogue.ts';

const path = 'platform/src/features/posts/posts.service.ts';

test.each([
  ['a select', "export const a = run('select id from posts where id = $1');\n"],
  ['an upper-case statement', "export const a = run('UPDATE posts SET title = $1');\n"],
  ['a template with a value in it', 'export const a = (id: string) => run(`delete from posts where id = ${id}`);\n'],
  ['a template with a name in it', 'export const a = (table: string) => run(`select * from ${table}`);\n'],
  ['a statement after a comment', 'export const a = run(`\n  -- all of them\n  with x as (select 1) select * from x`);\n'],
  ["another library's tag", 'export const a = (id: string) => sql`delete from posts where id = ${id}`;\n'],
  ['a statement with a semicolon handed to a call', "export const a = run('truncate posts;');\n"],
])('%s in a service is named with its line', async (_name, text) => {
  await using house = await createTemporaryRepository({ [path]: `const run = (sql: string) => sql;\n${text}` });
  const { examined, findings } = await runOnRepository(check, house.repository);
  expect(examined).toBe(1);
  expect(findings).toMatchObject([{ subject: path, location: `${path}:2` }]);
  expect(findings[0]?.fix).toContain('platform/src/features/posts/posts.queries.ts');
});

test.each([
  ['a sentence that begins like a statement', path, "export const a = 'Select a sanctum from the list';\n"],
  ['a lower-case sentence', path, "export const a = 'update your profile before you post';\n"],
  ['a fix that people paste', path, 'export const a = (pid: number) => ({ fix: `drop index concurrently idx_${pid};` });\n'],
  [
    'a statement to paste, made by our tag',
    path,
    "import { sql } from '@sanctum/migrations/sql-text';\nexport const a = (name: string) => sql`drop index ${name}`;\n",
  ],
  ['advice', path, "export const a = 'drop index concurrently …, alone in its file';\n"],
  ['a queries file', 'platform/src/features/posts/posts.queries.ts', "export const a = 'select id from posts';\n"],
  ['a test', 'platform/src/features/posts/posts.test.ts', "export const a = 'select id from posts';\n"],
])('%s is no finding', async (_name, file, text) => {
  await using house = await createTemporaryRepository({ [file]: text, 'platform/src/other.ts': 'export const other = 1;\n' });
  const { examined, findings } = await runOnRepository(check, house.repository);
  expect(examined).toBeGreaterThan(0);
  expect(findings).toEqual([]);
});
