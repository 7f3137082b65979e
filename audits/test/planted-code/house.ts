/** The few files of the house that planted code stands on, as they are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const standsOn = [
  'platform/src/db/database.ts',
  'platform/src/db/executor.ts',
  'platform/src/db/query.ts',
  'platform/src/http/routes/route.ts',
  'platform/src/redis/store.ts',
];

const queries = (names: readonly string[], access: 'read' | 'write') =>
  names
    .map(
      (name) =>
        `export const ${name} = defineQuery({ name: 'a.b', access: '${access}', params: {}, text: 'x', budgetMs: 1, usesIndex: [], sample: {}, row: undefined });\n`,
    )
    .join('');

export function plantedHouse(): Record<string, string> {
  const planted = `import { defineQuery } from '../../db/query.ts';\n${queries(['author', 'authors', 'find', 'findByName', 'lockByName'], 'read')}${queries(['insert', 'insertName'], 'write')}`;
  return {
    ...Object.fromEntries(standsOn.map((path) => [path, readFileSync(join(root, path), 'utf8')])),
    'package.json': '{ "name": "planted", "type": "module" }\n',
    'platform/src/features/rows/posts.queries.ts': planted,
    'platform/src/features/races/posts.queries.ts': planted,
  };
}
