import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJsonObject } from './json-file.ts';
import { createEmbeddedPostgres } from './postgres.ts';
import { processesInFolder } from './postgres-folder.ts';
import { identify, isSameProcess } from './processes.ts';

const prefix = 'sanctum-postgres-';
const leftoversMax = 100;

export interface TemporaryPostgres {
  /** Of the superuser, database `postgres`. */
  readonly url: string;
  /** Ends the server and removes its folder; safe to repeat. */
  stop(): Promise<void>;
}

/**
 * Starts a throw-away PostgreSQL 18 for tests: nothing is synced to disk, the folder lies below the
 * system's temporary one. Servers left behind by killed test runs are ended first.
 * @param settings server settings that differ from the tests' defaults
 */
export async function startTemporaryPostgres(settings: Readonly<Record<string, string>> = {}): Promise<TemporaryPostgres> {
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(identify(process.pid) ?? {}));
  const server = createEmbeddedPostgres({
    dataDir: join(folder, 'data'),
    logFile: join(folder, 'postgres.log'),
    password: randomBytes(18).toString('base64url'),
    // Not a fixed one: another run may take it between the look and the start, and is then given way to.
    preferredPort: 0,
    sync: false,
    settings: {
      fsync: 'off',
      full_page_writes: 'off',
      synchronous_commit: 'off',
      max_connections: '200',
      max_wal_size: '2GB',
      autovacuum: 'on',
      ...settings,
    },
  });
  const discard = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    const { url } = await server.start();
    return { url, stop: discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

// A killed test run cannot clean up; the next one does it. Only folders whose owner is gone are touched.
function removeLeftovers(): void {
  const names = readdirSync(tmpdir())
    .filter((name) => name.startsWith(prefix))
    .slice(0, leftoversMax);
  for (const name of names) {
    const folder = join(tmpdir(), name);
    const owner = readJsonObject(join(folder, 'owner.json'));
    const { pid, startedAt } = owner ?? {};
    if (typeof pid !== 'number' || typeof startedAt !== 'string' || isSameProcess({ pid, startedAt })) continue;
    const dataDir = join(folder, 'data');
    try {
      for (const processId of processesInFolder(dataDir)) process.kill(processId, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another run cleans it up at the same moment, or it belongs to another user: neither concerns this one.
    }
  }
}
