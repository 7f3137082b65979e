import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform } from '../test/harness/platform-process.ts';
import { createTestDatabase, type TestDatabase } from '../test/harness/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

describe('the platform does not start', () => {
  test('with wrong settings: exit code 2, every problem listed', async () => {
    const platform = startPlatform({ SANCTUM_PROFILE: 'production', JWT_SECRET: 'short', ALLOWED_ORIGINS: '*', PORT: 'x' });
    expect(await platform.exit()).toBe(2);
    for (const env of ['JWT_SECRET', 'PORT', 'DATABASE_URL']) expect(platform.stderr()).toContain(env);
  });

  test('on a port that is taken: it says so and how to go on', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const platform = startPlatform({ DATABASE_URL: database.url, PORT: String(port) });
    expect(await platform.exit()).toBe(1);
    expect(platform.stderr()).toContain(`port ${port} on 127.0.0.1 is taken`);
    expect(platform.stderr()).toContain('npx sanctum-ops doctor');
    holder.close();
  });

  test('on an empty database: it names the command that fills it', async () => {
    const empty = await createTestDatabase({ empty: true });
    const platform = startPlatform({ DATABASE_URL: empty.url });
    expect(await platform.exit()).toBe(1);
    expect(platform.stderr()).toContain('npx sanctum-ops migrate up');
    await empty.close();
  });

  test('on a schema that was changed behind its back: it names the migration', async () => {
    const tampered = await createTestDatabase();
    await tampered.client.query(`update schema_migrations set byte_hash = repeat('0', 64) where number = 3`);
    const platform = startPlatform({ DATABASE_URL: tampered.url });
    expect(await platform.exit()).toBe(1);
    expect(platform.stderr()).toContain('0003_');
    expect(platform.stderr()).toContain('fix:');
    await tampered.close();
  });

  test('without its database: it says that it cannot be reached', async () => {
    const platform = startPlatform({ DATABASE_URL: 'postgres://sanctum:x@127.0.0.1:1/none' });
    expect(await platform.exit()).toBe(1);
    expect(platform.stderr()).toContain('database-unreachable');
    expect(platform.stderr()).not.toContain('sanctum:x@');
  });
});

test('the platform starts, says where, and answers', async () => {
  const platform = startPlatform({ DATABASE_URL: database.url });
  const url = await platform.url();
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  platform.signal('SIGTERM');
  expect(await platform.exit()).toBe(0);
});
