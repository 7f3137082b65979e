import type { PlantedCode } from './planted.ts';

export const concurrency: PlantedCode = {
  check: 'code/unbounded-concurrency',
  path: 'platform/src/crowd/*.ts',
  planted: {
    'all of a list': `declare function load(id: string): Promise<string>;\nexport const f = (ids: string[]) =>\n  §Promise.all(ids.map((id) => load(id)));`,
    'all settled': `declare function load(id: string): Promise<string>;\nexport const f = async (ids: string[]) =>\n  (§await Promise.allSettled(ids.map(load))).length;`,
    'promises collected first': `declare function load(id: string): Promise<string>;\nexport function f(ids: string[]) {\n  const all = ids.map((id) => load(id));\n  §return Promise.all(all);\n}`,
    'promises pushed in a loop': `declare function load(id: string): Promise<string>;\nexport function f(ids: string[]) {\n  const all: Promise<string>[] = [];\n  for (const id of ids) all.push(load(id));\n  §return Promise.all(all);\n}`,
    'a limit without a limit': `declare function pLimit(count: number): unknown;\n§export const limit = pLimit(Infinity);`,
    'all of an iterator': `declare function load(id: string): Promise<string>;\nexport const f = (ids: Set<string>) =>\n  §Promise.all(Array.from(ids, (id) => load(id)));`,
  },
  silent: {
    'two at once': `declare function load(id: string): Promise<string>;\nexport const f = () => Promise.all([load('a'), load('b')]);`,
    'a slice': `declare function load(id: string): Promise<string>;\nexport const f = (ids: string[]) => Promise.all(ids.slice(0, 8).map((id) => load(id)));`,
    'a constant list': `declare function load(id: string): Promise<string>;\nconst names = ['a', 'b'] as const;\nexport const f = () => Promise.all(names.map((name) => load(name)));`,
    'a fixed crew of workers': `declare function worker(): Promise<void>;\nconst workers = 4;\nexport const f = () => Promise.all(Array.from({ length: workers }, worker));`,
    'a list that says how long it is': `declare function load(id: string): Promise<string>;\n// Bounded: a page holds at most fifty.\nexport const f = (ids: string[]) => Promise.all(ids.map((id) => load(id)));`,
  },
};

export const silencedGate: PlantedCode = {
  check: 'code/gate-silenced',
  path: 'platform/src/silenced/*.ts',
  planted: {
    'a linter switched off': `§// oxlint-disable-next-line no-console\nconsole.log(1);`,
    'a whole file': `§/* eslint-disable */\nconsole.log(1);`,
    'the compiler told to look away': `§// @ts-expect-error\nexport const a: number = 'b';`,
    'a file that is not checked': `§// @ts-nocheck\nexport const a = 1;`,
  },
  silent: {
    'a reason behind it': `// oxlint-disable-next-line no-console -- the program's answer goes to stdout\nconsole.log(1);`,
    'an error that is expected and says why': `// @ts-expect-error -- the types of the driver lack this option (its issue 42)\nexport const a: number = 'b';`,
    'a word': `// The comment may not be disabled.\nexport const a = 1;`,
  },
};

export const todo: PlantedCode = {
  check: 'code/todo-without-tracker',
  path: 'platform/src/later/*.ts',
  planted: {
    'a todo': `§// TODO: limits\nexport const a = 1;`,
    'a fixme in a block': `/*\n §* FIXME later\n */\nexport const a = 1;`,
    'a hack': `export const a = 1; §// HACK around the driver`,
    'a todo in lower case': `§// todo: remove this\nexport const a = 1;`,
  },
  silent: {
    'a todo with its issue': `// TODO(#42): limits\nexport const a = 1;`,
    'a text': `export const placeholder = 'TODO: write a title';`,
    'a word inside a word': `// The mastodon protocol.\nexport const a = 1;`,
  },
};

export const backDoor: PlantedCode = {
  check: 'code/type-forced',
  path: 'platform/src/features/forced/*.service.ts',
  planted: {
    'as never': `declare function save(post: { id: string }): void;\nexport const f = (value: object) =>\n  §save(value as never);`,
    'as unknown as': `export const f = (value: number) =>\n  §value as unknown as string;`,
    'forced the old way': `export const f = (value: number) =>\n  §<string>(<unknown>value);`,
    'through a constant': `export function f(value: number) {\n  const hidden: unknown = value;\n  §return hidden as { id: string };\n}`,
    'parsed text as it comes': `export const f = (text: string): { id: string } =>\n  §JSON.parse(text);`,
    'parsed text that is declared': `export const f = (text: string) => {\n  §const value: { id: string } = JSON.parse(text);\n  return value.id;\n};`,
    'parsed text that is read at once': `export const f = (text: string) =>\n  §JSON.parse(text).id as string;`,
    'parsed text that is called something': `export const f = (text: string) =>\n  §JSON.parse(text) as { id: string };`,
  },
  silent: {
    'parsed text that is validated': `declare const shape: { parse(value: unknown): { id: string } };\nexport const f = (text: string) => shape.parse(JSON.parse(text));`,
    'parsed text that is unknown': `export const f = (text: string): unknown => JSON.parse(text);`,
    'as const': `export const names = ['a', 'b'] as const;`,
    'a narrowing': `export const f = (value: string | number) => value as string;`,
    'a force that says why': `// The framework hands over what its own types call unknown.\nexport const f = (value: number) => value as unknown as string;`,
  },
};

export const unvalidated: PlantedCode = {
  check: 'code/unvalidated-input',
  path: 'platform/src/features/open/*.handlers.ts',
  planted: {
    'the raw body': `import type { FastifyRequest } from 'fastify';\nexport const f = (raw: FastifyRequest) =>\n  §raw.body as { name: string };`,
    'the raw query by taking apart': `export const f = ({ raw }: { raw: { query: unknown } }) => {\n  §const { query } = raw;\n  return query;\n};`,
    'the raw address': `export const f = (request: { raw: { params: { id: string } } }) =>\n  §request.raw.params.id;`,
    'any of the schema': `import { z } from 'zod';\nexport const body = §z.object({ name: z.any() });`,
    'unknown fields let through': `import { z } from 'zod';\nexport const body = §z.looseObject({ name: z.string() });`,
    passthrough: `import { z } from 'zod';\nexport const body = §z.object({ name: z.string() }).passthrough();`,
    'a text without an end': `import { z } from 'zod';\nexport const bodySchema = z.object({ name: §z.string() });`,
    'a record of anything': `import { z } from 'zod';\nexport const body = §z.record(z.string(), z.unknown());`,
  },
  silent: {
    'a body with a shape': `export const f = ({ body }: { body: { name: string } }) => body.name;`,
    'the reader of the request': `export const f = ({ raw }: { raw: { reader: string } }) => raw.reader;`,
    'a text with an end': `import { z } from 'zod';\nexport const bodySchema = z.strictObject({ name: z.string().max(100) });`,
    'an answer of any length': `import { z } from 'zod';\nexport const postSchema = z.object({ name: z.string() });`,
  },
};

export const openRoute: PlantedCode = {
  check: 'code/change-by-anyone',
  path: 'platform/src/features/routes/*.handlers.ts',
  planted: {
    'a change by anyone': `import { defineRoute } from '../../http/route.ts';\nexport const r = defineRoute({\n  method: 'POST',\n  url: '/api/posts',\n  §access: 'public',\n  rateLimit: 'write',\n  handler: () => 1,\n});`,
    'a change by anyone through a constant': `import { defineRoute } from '../../http/route.ts';\nconst open = { method: 'DELETE', access: 'public', rateLimit: 'write' } as const;\nexport const r = §defineRoute({ ...open, url: '/api/posts/:postId', handler: () => 1 });`,
    'a handler that ignores its reader': `import { defineRoute } from '../../http/route.ts';\ndeclare const posts: { remove(id: string): Promise<void> };\nexport const r = defineRoute({\n  method: 'DELETE',\n  url: '/api/posts/:postId',\n  access: 'user',\n  rateLimit: 'write',\n  §handler: ({ params }: { params: { postId: string } }) => posts.remove(params.postId),\n});`,
  },
  silent: {
    'a reading by anyone': `import { defineRoute } from '../../http/route.ts';\nexport const r = defineRoute({ method: 'GET', url: '/api/posts', access: 'public', rateLimit: 'read', handler: () => 1 });`,
    'a sign-in': `import { defineRoute } from '../../http/route.ts';\nexport const r = defineRoute({ method: 'POST', url: '/api/sessions', access: 'public', rateLimit: 'auth', handler: () => 1 });`,
    'a handler that asks who': `import { defineRoute } from '../../http/route.ts';\ndeclare const posts: { remove(reader: string, id: string): Promise<void> };\ndeclare const requireReader: (raw: unknown) => string;\nexport const r = defineRoute({\n  method: 'DELETE',\n  url: '/api/posts/:postId',\n  access: 'user',\n  rateLimit: 'write',\n  handler: ({ params, raw }: { params: { postId: string }; raw: unknown }) => posts.remove(requireReader(raw), params.postId),\n});`,
  },
};

export const limitRemoved: PlantedCode = {
  check: 'code/limit-removed',
  path: 'platform/src/sockets/*.ts',
  planted: {
    'a rate without an end': `export const rateLimits = {\n  §read: { perMinute: Infinity },\n};`,
    'a rate beyond all numbers': `export const rateLimits = {\n  §read: { perMinute: Number.MAX_SAFE_INTEGER },\n};`,
    'a body without an end': `export const options = {\n  §bodyLimit: Number.POSITIVE_INFINITY,\n};`,
    'a server that waits for ever': `import { createServer } from 'node:http';\nexport const server = createServer({\n  §requestTimeout: 0,\n});`,
    'a socket server without a largest message': `import { WebSocketServer } from 'ws';\n§export const sockets = new WebSocketServer({ noServer: true });`,
    'a pool that never gives up': `export const pool = {\n  §statement_timeout: 0,\n};`,
    'a timeout taken away later': `import { createServer } from 'node:http';\nconst server = createServer();\n§server.headersTimeout = 0;\nexport { server };`,
  },
  silent: {
    'a rate': `export const rateLimits = { read: { perMinute: 600 } };`,
    'a rank that sorts before all': `export const first = { hot: Number.POSITIVE_INFINITY };`,
    'a socket server with a largest message': `import { WebSocketServer } from 'ws';\nexport const sockets = new WebSocketServer({ noServer: true, maxPayload: 65_536 });`,
    'a delay of nothing': `export const options = { delayMs: 0 };`,
  },
};

export const credential: PlantedCode = {
  check: 'code/credential-in-code',
  path: 'platform/src/keys/*.ts',
  planted: {
    'a secret': `§export const jwtSecret = 'c0rrect-h0rse-battery-9f3k2';`,
    'a secret in two parts': `§export const apiKey = 'k7Qm2xW9' + 'pL4vT8zR1n';`,
    'a secret from a list': `§export const apiSecret = ['k7Qm2xW9', 'pL4vT8zR1n'].join('');`,
    'a secret in base64': `§export const password = Buffer.from('aHVudGVyMi1zZWNyZXQtOTk=', 'base64').toString();`,
    'a default of a parameter': `export const connect = (\n  §password = 'hunter2-prod-9931',\n) => password;`,
    'a password in an address': "§export const url = 'postgres://sanctum:' + 'hunter2prod9931' + '@db.internal/sanctum';",
    'a fallback for a setting': "§export const secret = process.env['JWT_SECRET'] ?? 'f4llb4ck-s3cr3t-for-all-77';",
    'a field of an object': `export const options = {\n  §password: 'hunter2-prod-9931',\n};`,
    'a header': `export const headers = {\n  §authorization: 'Bearer k7Qm2xW9pL4vT8zR1nB6',\n};`,
  },
  silent: {
    'the name of a cookie': `export const refreshTokenCookie = 'sanctum_refresh';`,
    'a message': `export const passwordHint = 'At least 12 characters, 3 kinds.';`,
    'the environment': "export const jwtSecret = process.env['JWT_SECRET'];",
    'a path of a form': `export const fields = { password: 'password' };`,
    'a placeholder': `export const example = { password: '<password>', secret: 'change-me' };`,
    'an error code': `export const code = { token: 'auth.token_expired_2' };`,
  },
};

export const race: PlantedCode = {
  check: 'code/check-then-act',
  path: 'platform/src/features/races/*.repository.ts',
  planted: {
    'a total read before and written after': `declare function ask(): Promise<number>;\nlet total = 0;\nexport async function f() {\n  const before = total;\n  const more = await ask();\n  §total = before + more;\n}`,
    'a total that waits in the middle': `declare function ask(): Promise<number>;\nlet total = 0;\nexport async function f() {\n  §total += await ask();\n}`,
    'a first use that many pass': `declare function open(): Promise<object>;\nlet client: object | undefined;\nexport async function f() {\n  if (client === undefined) {\n    §client = await open();\n  }\n  return client;\n}`,
    'asked first and written then': `import type { Database } from '../../db/database.ts';\nimport * as queries from './posts.queries.ts';\nexport async function f(db: Database, name: string) {\n  const known = await db.maybeOne(queries.find, { name });\n  if (known !== undefined) throw new Error('taken');\n  §await db.run(queries.insert, { name });\n}`,
    'asked and written through functions': `import type { Database, Executor } from '../../db/database.ts';\nimport * as queries from './posts.queries.ts';\nconst isTaken = async (db: Executor, name: string) => (await db.maybeOne(queries.findByName, { name })) !== undefined;\nconst insertName = (db: Executor, name: string) => db.run(queries.insertName, { name });\nexport async function f(db: Database, name: string) {\n  if (await isTaken(db, name)) throw new Error('taken');\n  §await insertName(db, name);\n}`,
  },
  silent: {
    'a total in one step': `declare function ask(): Promise<number>;\nlet total = 0;\nexport async function f() {\n  const more = await ask();\n  total += more;\n}`,
    'one promise for all': `declare function open(): Promise<object>;\nlet client: Promise<object> | undefined;\nexport const f = () => (client ??= open());`,
    'inside a transaction': `import type { Database } from '../../db/database.ts';\nimport * as queries from './posts.queries.ts';\nexport const f = (db: Database, name: string) =>\n  db.transaction(async (tx) => {\n    const known = await tx.maybeOne(queries.lockByName, { name });\n    if (known !== undefined) throw new Error('taken');\n    await tx.run(queries.insert, { name });\n  });`,
    'written first and asked why': `import type { Database } from '../../db/database.ts';\nimport * as queries from './posts.queries.ts';\nexport async function f(db: Database, name: string) {\n  const made = await db.maybeOne(queries.insert, { name });\n  if (made !== undefined) return made;\n  return await db.maybeOne(queries.find, { name });\n}`,
    'a local total': `declare function ask(): Promise<number>;\nexport async function f() {\n  let total = 0;\n  total += await ask();\n  return total;\n}`,
  },
};
