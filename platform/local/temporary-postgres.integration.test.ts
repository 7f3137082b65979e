import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startTemporaryPostgres } from './temporary-postgres.ts';

test('it serves, and leaves nothing behind', async () => {
  const server = await startTemporaryPostgres();
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  expect((await client.query<{ fsync: string }>('show fsync')).rows).toEqual([{ fsync: 'off' }]);
  const [row] = (await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`)).rows;
  await client.end();
  const folder = dirname(row?.folder ?? '');
  expect(existsSync(folder)).toBe(true);
  await server.stop();
  await server.stop();
  expect(existsSync(folder)).toBe(false);
});

test('a folder whose owner is dead is removed by the next start', async () => {
  const leftover = join(tmpdir(), 'sanctum-postgres-leftover');
  mkdirSync(join(leftover, 'data'), { recursive: true });
  writeFileSync(join(leftover, 'owner.json'), JSON.stringify({ pid: process.pid, startedAt: 'never' }));
  const server = await startTemporaryPostgres();
  await server.stop();
  expect(readdirSync(tmpdir())).not.toContain('sanctum-postgres-leftover');
});
