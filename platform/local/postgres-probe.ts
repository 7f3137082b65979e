import { realpathSync } from 'node:fs';
import pg from 'pg';
import { systemErrorCode } from './local-error.ts';
import { whoServes } from './supervisor.queries.ts';

const connectTimeoutMs = 3_000;
const queryTimeoutMs = 3_000;
const cannotConnectNow = '57P03';
const passwordRefused = new Set(['28P01', '28000']);

/** What answers at a port. `starting` covers starting up, replaying the log and shutting down. */
export type ProbeAnswer =
  | { readonly kind: 'answers'; readonly dataDir: string; readonly systemIdentifier: string; readonly version: string }
  | { readonly kind: 'starting'; readonly message: string }
  | { readonly kind: 'password-refused' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'stranger'; readonly message: string };

/** Connects once as the superuser and asks who is there. Never throws for what a server answers. */
export async function probePostgres(url: string): Promise<ProbeAnswer> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    application_name: 'sanctum-local',
  });
  // A server that ends during the look raises this beside the rejected promise.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const result = await client.query<{ data_dir: string; system_identifier: string; version: string }>(whoServes);
    const row = result.rows[0];
    if (row === undefined) return { kind: 'stranger', message: 'it gave no answer' };
    return { kind: 'answers', dataDir: row.data_dir, systemIdentifier: row.system_identifier, version: row.version };
  } catch (error) {
    return classify(error);
  } finally {
    await client.end().catch(() => undefined); // Already broken connections cannot be closed politely.
  }
}

function classify(error: unknown): ProbeAnswer {
  const code = systemErrorCode(error);
  if (code === 'ECONNREFUSED') return { kind: 'nobody' };
  if (code === cannotConnectNow) return { kind: 'starting', message: error instanceof Error ? error.message : 'starting' };
  if (code !== undefined && passwordRefused.has(code)) return { kind: 'password-refused' };
  return { kind: 'stranger', message: error instanceof Error ? error.message : String(error) };
}

export function isSameFolder(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    // A folder that is not on this machine is certainly another one.
    return false;
  }
}
