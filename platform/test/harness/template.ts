/** The template database: every migration applied by the real runner, and the worker's own schema. */
import { applyMigrations } from '@sanctum/migrations/apply';
import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';

export const templateName = 'sanctum_template';

export async function withServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export async function createTemplate(serverUrl: string): Promise<void> {
  await withServer(serverUrl, async (client) => {
    await client.query(`drop database if exists ${templateName} with (force)`);
    await client.query(`create database ${templateName}`);
  });
  await withServer(databaseUrl(serverUrl, templateName), async (client) => {
    await applyMigrations({ database: client });
  });
  await runMigrations({
    connectionString: databaseUrl(serverUrl, templateName),
    logger: new Logger(() => () => {}),
    noHandleSignals: true,
  });
}
