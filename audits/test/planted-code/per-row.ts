import type { PlantedCode } from './planted.ts';

const head = `import type { Executor } from '../../db/database.ts';
import * as queries from './posts.queries.ts';
const authorOf = (db: Executor, id: string) => db.maybeOne(queries.author, { id });
`;

export const queryPerRow: PlantedCode = {
  check: 'code/query-per-row',
  path: 'platform/src/features/rows/*.repository.ts',
  planted: {
    'a query in a loop': `${head}export async function f(db: Executor, ids: string[]) {\n  for (const id of ids) {\n    §await db.run(queries.author, { id });\n  }\n}`,
    'a query per element': `${head}export const f = (db: Executor, ids: string[]) =>\n  Promise.all(ids.map((id) => §db.one(queries.author, { id })));`,
    'a query per row through a function': `${head}export const f = (db: Executor, ids: string[]) =>\n  Promise.all(ids.map((id) => §authorOf(db, id)));`,
    'a function handed over by name': `${head}export const f = (db: Executor, ids: string[]) => {\n  const one = (id: string) => authorOf(db, id);\n  §return Promise.all(ids.map(one));\n};`,
    'a query in a while': `${head}export async function f(db: Executor, ids: string[]) {\n  while (ids.length > 0) {\n    §await authorOf(db, ids.pop() ?? '');\n  }\n}`,
    'a query through a service': `${head}export interface Users {\n  get(id: string): Promise<unknown>;\n}\nexport const createUsers = (db: Executor): Users => ({ get: (id) => authorOf(db, id) });\nexport async function f(users: Users, ids: string[]) {\n  for (const id of ids) {\n    §await users.get(id);\n  }\n}`,
    'a query per row of a stream': `${head}export async function f(db: Executor, rows: AsyncIterable<string>) {\n  for await (const id of rows) {\n    §await db.run(queries.author, { id });\n  }\n}`,
    'a query in reduce': `${head}export const f = (db: Executor, ids: string[]) =>\n  ids.reduce(async (before, id) => {\n    await before;\n    §await db.run(queries.author, { id });\n  }, Promise.resolve());`,
    'a list that makes itself call again': `${head}export async function f(db: Executor, ids: string[]): Promise<void> {\n  const [id, ...rest] = ids;\n  if (id === undefined) return;\n  await db.run(queries.author, { id });\n  §await f(db, rest);\n}`,
    'a raised budget of a list': `import { defineRoute } from '../../http/route.ts';\nexport const route = defineRoute({\n  method: 'GET',\n  url: '/api/posts',\n  access: 'public',\n  rateLimit: 'read',\n  §statementsMax: 51,\n  schema: { response: {} },\n});`,
  },
  silent: {
    'one query for all': `${head}export const f = (db: Executor, ids: string[]) => db.run(queries.authors, { ids });`,
    'a loop over rows': `${head}export async function f(db: Executor) {\n  const names: string[] = [];\n  for (const row of await db.run(queries.authors, {})) names.push(String(row));\n  return names;\n}`,
    'a loop that says how long it is': `${head}export async function f(db: Executor) {\n  // At most ten slices of a thousand rows, each its own transaction.\n  for (let slice = 0; slice < 10; slice += 1) await db.run(queries.author, { id: String(slice) });\n}`,
    'two queries after each other': `${head}export async function f(db: Executor, id: string) {\n  await db.run(queries.author, { id });\n  return await authorOf(db, id);\n}`,
    'a map over rows': `${head}export const f = async (db: Executor) => (await db.run(queries.authors, {})).map((row) => String(row));`,
    'a transaction': `import type { Database } from '../../db/database.ts';\nimport * as queries from './posts.queries.ts';\nexport const f = (db: Database, id: string) => db.transaction((tx) => tx.run(queries.author, { id }));`,
    'a run of something else': `export async function f(jobs: { run(name: string): Promise<void> }, names: string[]) {\n  for (const name of names) await jobs.run(name);\n}`,
  },
};
