import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { LocalError } from './local-error.ts';
import { withLock } from './lock.ts';
import { canReach, serverUser } from './operating-user.ts';
import { inspectFolder, processesInFolder, readPostmasterFile } from './postgres-folder.ts';
import { initialiseCluster } from './postgres-initialise.ts';
import { createLauncher, startTimeout, startTimeoutMs, usableBinaries } from './postgres-launch.ts';
import { createClusterMemory, superuserName } from './postgres-memory.ts';
import { requireCluster, waitForPredecessor } from './postgres-predecessor.ts';
import { postgresStatus } from './postgres-status.ts';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './postgres-types.ts';
import { identify, isSameProcess, stopProcess, waitFor } from './processes.ts';

const fastShutdownTimeoutMs = 30_000;
const immediateShutdownTimeoutMs = 5_000;

/**
 * Supervises one embedded PostgreSQL 18 that outlives this process. A pid file is never believed:
 * the server that answers must serve our data folder, and the process that is signalled must work
 * in it. A start takes an exclusive lock beside the data folder, waits out crash recovery and
 * processes of a killed predecessor, and ends in `running` or in a LocalError that holds the fix.
 */
export function createEmbeddedPostgres(options: EmbeddedPostgresOptions): EmbeddedPostgres {
  const { dataDir, logFile } = options;
  const lockFile = `${dataDir}.lock`;
  const memory = createClusterMemory(options);
  const launch = createLauncher(options, memory);
  const status = () => postgresStatus(options, memory);

  async function initialise(): Promise<{ created: boolean }> {
    mkdirSync(dirname(dataDir), { recursive: true });
    return withLock(lockFile, 'initialising PostgreSQL', async () => {
      const user = serverUser();
      requireReach(dirname(dataDir), user?.name, canReach(user, dirname(dataDir), 'enter'));
      const created = initialiseCluster({
        dataDir,
        binaries: await usableBinaries(dataDir, user),
        user,
        superuser: superuserName,
        password: options.password,
        sync: options.sync ?? true,
      });
      return { created };
    });
  }

  async function start() {
    return withLock(lockFile, 'starting PostgreSQL', async () => {
      const before = await status();
      if (before.state === 'running' || before.state === 'starting') {
        return { ...(await waitUntilOurs(before.port, before.pid)), alreadyRunning: true };
      }
      requireCluster(options);
      await waitForPredecessor(options);
      return { ...(await launch()), alreadyRunning: false };
    });
  }

  async function waitUntilOurs(port: number | undefined, pid: number | undefined) {
    const running = await waitFor(
      async () => {
        const now = await status();
        return now.state === 'running' || now.state === 'stopped' ? now : undefined;
      },
      { timeoutMs: startTimeoutMs },
    );
    if (running?.state === 'stopped') return launch();
    const found = running?.port ?? port;
    const processId = running?.pid ?? pid;
    if (running === undefined || found === undefined || processId === undefined) throw startTimeout(logFile);
    await memory.remember(found);
    return { url: memory.urlAt(found), port: found, pid: processId };
  }

  return {
    initialise,
    start,
    stop: () => withLock(lockFile, 'stopping PostgreSQL', () => stopPostgres(dataDir)),
    status,
    url: () => {
      const port = options.port ?? memory.port();
      return port === undefined ? undefined : memory.urlAt(port);
    },
  };
}

async function stopPostgres(dataDir: string): Promise<'absent' | 'stopped' | 'killed'> {
  if (inspectFolder(dataDir).kind !== 'ready') return 'absent';
  const file = readPostmasterFile(dataDir);
  if (file === undefined || !processesInFolder(dataDir).includes(file.pid)) return 'absent';
  const postmaster = identify(file.pid);
  if (postmaster === undefined) return 'absent';
  // SIGINT is a fast shutdown: sessions end, everything committed is written out.
  process.kill(postmaster.pid, 'SIGINT');
  const gone = await waitFor(() => (isSameProcess(postmaster) ? undefined : true), { timeoutMs: fastShutdownTimeoutMs });
  if (gone) return 'stopped';
  await stopProcess(postmaster, { signal: 'SIGQUIT', timeoutMs: immediateShutdownTimeoutMs });
  return 'killed';
}

function requireReach(folder: string, user: string | undefined, reachable: boolean): void {
  if (reachable) return;
  throw new LocalError('LOCAL_FOLDER_UNREACHABLE', `the user ${user ?? 'who runs this'} cannot enter ${folder}`, {
    fix: `open the folders above it (chmod o+x), or set SANCTUM_HOME to a folder that every user can enter`,
  });
}
