import pg from 'pg';
import { silentSession } from './postgres-settings.ts';
import * as queries from './supervisor.queries.ts';

const connectTimeoutMs = 5_000;
const statementTimeoutMs = 30_000;

/**
 * Makes sure that a role which is no superuser owns a database of its own, with the statistics of
 * statements switched on. Safe to repeat; the role's password is set again each time.
 * @param superuserUrl of any database of the server
 * @returns the URL of the database for that role, and whether it was made now
 */
export async function ensureDatabase(
  superuserUrl: string,
  wanted: { role: string; password: string; database: string },
): Promise<{ url: string; created: boolean }> {
  const url = new URL(superuserUrl);
  const created = await withClient(url.href, async (client) => {
    const quoted = (
      await client.query<{ role: string; password: string; database: string }>(queries.quoteNamesAndPassword, [
        wanted.role,
        wanted.password,
        wanted.database,
      ])
    ).rows[0];
    if (quoted === undefined) throw new Error('the server quoted nothing');
    const hasRole = (await client.query(queries.roleExists, [wanted.role])).rows.length > 0;
    await client.query(hasRole ? queries.setPassword(quoted) : queries.createRole(quoted));
    if ((await client.query(queries.databaseExists, [wanted.database])).rows.length > 0) return false;
    await client.query(queries.createDatabase(quoted));
    return true;
  });
  url.pathname = `/${wanted.database}`;
  await withClient(url.href, (client) => client.query(queries.createStatistics));
  url.username = wanted.role;
  url.password = encodeURIComponent(wanted.password);
  return { url: url.href, created };
}

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    application_name: 'sanctum-local',
    options: silentSession,
  });
  client.on('error', () => undefined); // The rejected promise already carries it.
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
