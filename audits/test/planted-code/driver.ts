import type { PlantedCode } from './planted.ts';

export const driver: PlantedCode = {
  check: 'code/driver-outside-db',
  path: 'platform/src/features/driver/*.service.ts',
  planted: {
    'the driver': `§import pg from 'pg';\nexport const pool = new pg.Pool();`,
    'the driver by a dynamic import': `export const open = async () => §await import('pg');`,
    'the driver by require': `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nexport const pg: unknown = §require('pg');`,
    'the driver under a computed name': `const name = ['p', 'g'].join('');\nexport const open = async () => §(await import(name)) as object;`,
    'the driver passed on': `§export { Pool } from 'pg';`,
    'the pool of the driver alone': `§import Pool from 'pg-pool';\nexport const pool = new Pool();`,
    'Redis by its driver': `§import { Redis } from 'ioredis';\nexport const redis = new Redis();`,
    'sockets by their driver': `§export const open = async () => await import('ws');`,
    'the driver by a require made on the spot': `import { createRequire } from 'node:module';\nexport const redis: unknown = §createRequire(import.meta.url)('ioredis');`,
    'another database': `§import { DatabaseSync } from 'node:sqlite';\nexport const db = new DatabaseSync(':memory:');`,
    'a client that was handed in': `export const read = (client: { query(text: string): Promise<unknown> }, text: string) =>\n  §client.query(text);`,
    'a method by its name in brackets': `export const read = (client: { query(text: string): Promise<unknown> }, text: string) =>\n  §client['query'](text);`,
    'a method taken off the client': `export async function read(client: { query(text: string): Promise<unknown> }, text: string) {\n  §const { query } = client;\n  return await query(text);\n}`,
    'the client of a pool by its type': `§import type { PoolClient } from 'pg';\nexport type Handle = PoolClient;`,
  },
  silent: {
    'the executor': `import type { Executor } from '../../db/database.ts';\nexport const f = (db: Executor) => db;`,
    'the store': `import type { Store } from '../../redis/store.ts';\nexport const f = (store: Store) => store;`,
    'a query of an address': `export const f = (request: { query: { q: string } }) => request.query.q;`,
    'a lazy import of our own': `export const f = async () => await import('./posts.schema.ts');`,
    'a package whose name begins alike': `import { z } from 'zod';\nexport const pgName = z.string();`,
    'a selector of elements': `export const f = (page: { querySelector(text: string): unknown }) => page.querySelector('main');`,
  },
};

export const databaseDoor: PlantedCode = {
  check: 'code/driver-outside-db',
  path: 'platform/src/db/*.ts',
  planted: {
    'a file of the database that passes the driver on': `§export { Pool } from 'pg';`,
    'the driver passed on as a constant': `import pg from 'pg';\n§export const Pool = pg.Pool;`,
    'all of the driver passed on': `§export * from 'pg';`,
  },
  silent: {
    'the driver inside the database': `import pg from 'pg';\nexport function createReader(url: string) {\n  const pool = new pg.Pool({ connectionString: url, max: 1 });\n  return { close: () => pool.end() };\n}`,
  },
};
