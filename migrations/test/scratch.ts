/** An empty database for one test on the server of the run. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface ScratchDatabase {
  readonly url: string;
  readonly name: string;
  readonly client: pg.Client;
  close(): Promise<void>;
}

export async function createScratchDatabase(): Promise<ScratchDatabase> {
  const serverUrl = process.env['SANCTUM_TEST_DATABASE_URL'];
  if (serverUrl === undefined) throw new Error('SANCTUM_TEST_DATABASE_URL is not set: run this test through its vitest project');
  const name = `migrations_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${name} template template0`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  // The server ends this session when a test drops or kills it on purpose.
  client.on('error', () => {});
  await client.connect();
  return {
    url: url.href,
    name,
    client,
    close: async () => {
      await client.end();
      await onServer(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Asks until the answer is true, at most five seconds. */
export async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`Waited five seconds in vain for: ${what}`);
  }
}
