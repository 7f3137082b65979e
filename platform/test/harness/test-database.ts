/** A fresh migrated database for one test file, cloned from the template in some 50 ms. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { databaseUrl, templateName, withServer } from './template.ts';

export interface TestDatabase {
  readonly url: string;
  /** The platform's own database, rows checked. */
  readonly db: Database;
  /** A bare client for planting and looking. */
  readonly client: pg.Client;
  close(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** An empty database instead of a migrated one. */
  readonly empty?: boolean;
}

export function testServerUrl(): string {
  const url = process.env['SANCTUM_TEST_DATABASE_URL'];
  if (url === undefined) throw new Error('SANCTUM_TEST_DATABASE_URL is not set: run this test through its vitest project');
  return url;
}

export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const serverUrl = testServerUrl();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = options.empty === true ? 'template0' : templateName;
  await withServer(serverUrl, (client) => client.query(`create database ${name} template ${template}`));
  const url = databaseUrl(serverUrl, name);
  const afterCommitFailures: unknown[] = [];
  const db = createDatabase({
    url,
    poolMax: 10,
    waitersMax: 1000,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 10_000,
    lockTimeoutMs: 5000,
    applicationName: 'sanctum-test',
    checkRows: true,
    onAfterCommitFailed: (error) => afterCommitFailures.push(error),
  });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    url,
    db,
    client,
    close: async () => {
      await client.end();
      await db.close();
      await withServer(serverUrl, (server) => server.query(`drop database if exists ${name} with (force)`));
      if (afterCommitFailures.length > 0) throw new AggregateError(afterCommitFailures, 'what was to follow a commit failed');
    },
  };
}
