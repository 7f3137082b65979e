import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { LocalError } from './local-error.ts';
import { inspectFolder, processesInFolder, readPostmasterFile } from './postgres-folder.ts';
import { halfInitialised } from './postgres-initialise.ts';
import { majorVersion } from './postgres-binaries.ts';
import { startError } from './postgres-start-failure.ts';
import type { EmbeddedPostgresOptions } from './postgres-types.ts';
import { isPidInUse, waitFor } from './processes.ts';

type Place = Pick<EmbeddedPostgresOptions, 'dataDir' | 'logFile'>;

const predecessorTimeoutMs = 15_000;

/** Throws unless the folder holds a whole cluster of our version. */
export function requireCluster({ dataDir, logFile }: Place): void {
  const folder = inspectFolder(dataDir);
  if (folder.kind === 'half-initialised') throw halfInitialised(dataDir);
  if (folder.kind !== 'ready') {
    throw new LocalError('POSTGRES_DATA_ABSENT', `${dataDir} holds no PostgreSQL cluster`, { fix: 'run: npx sanctum-ops up' });
  }
  if (folder.majorVersion !== majorVersion) {
    throw startError('other-version', {
      dataDir,
      port: 0,
      logFile,
      log: [`PG_VERSION is ${folder.majorVersion}, the server is ${majorVersion}`],
    });
  }
}

/**
 * Backends of a killed postmaster notice its death within moments. A pid file is removed only when
 * nobody works in the folder any more: PostgreSQL itself would believe a recycled pid for ever, and
 * the pid of a zombie, too, which stays where nobody collects orphans (many containers).
 */
export async function waitForPredecessor({ dataDir, logFile }: Place): Promise<void> {
  const gone = await waitFor(() => (processesInFolder(dataDir).length === 0 ? true : undefined), { timeoutMs: predecessorTimeoutMs });
  if (gone === undefined) {
    throw startError('predecessor-alive', { dataDir, port: 0, logFile, log: [`processes: ${processesInFolder(dataDir).join(', ')}`] });
  }
  const file = readPostmasterFile(dataDir);
  if (file !== undefined && isPidInUse(file.pid)) rmSync(join(dataDir, 'postmaster.pid'));
}
