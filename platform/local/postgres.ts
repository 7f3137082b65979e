import { chownSync, closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJsonObject, writeJson } from './json-file.ts';
import { LocalError } from './local-error.ts';
import { acquireLock } from './lock.ts';
import { logSize, logTail } from './log-tail.ts';
import { canReach, serverUser } from './operating-user.ts';
import { choosePort, describePortOwner, isPortFree } from './ports.ts';
import { locatePostgresBinaries, reachableBinaries } from './postgres-binaries.ts';
import { inspectFolder, processesInFolder, readPostmasterFile } from './postgres-folder.ts';
import { halfInitialised, initialiseCluster } from './postgres-initialise.ts';
import { isSameFolder, probePostgres } from './postgres-probe.ts';
import { serverArguments } from './postgres-settings.ts';
import { classifyStartFailure, startError } from './postgres-start-failure.ts';
import { identify, isPidInUse, isSameProcess, spawnDetached, stopProcess, waitFor } from './processes.ts';
import type { EmbeddedPostgres, EmbeddedPostgresOptions, PostgresStatus } from './postgres-types.ts';
import type { ProcessIdentity } from './processes.ts';

const superuserName = 'postgres';
const majorVersion = 18;
const preferredPort = 54_318;
const startTimeoutMs = 60_000;
const predecessorTimeoutMs = 15_000;
const fastShutdownTimeoutMs = 30_000;
const immediateShutdownTimeoutMs = 5_000;
const portAttemptsMax = 3;
const logTailLines = 15;

/**
 * Supervises one embedded PostgreSQL 18 that outlives this process. A pid file is never believed:
 * the server that answers must serve our data folder, and the process that is signalled must work
 * in it. A start takes an exclusive lock beside the data folder, waits out crash recovery and
 * processes of a killed predecessor, and ends in `running` or in a LocalError that holds the fix.
 */
export function createEmbeddedPostgres(options: EmbeddedPostgresOptions): EmbeddedPostgres {
  const { dataDir, logFile } = options;
  const stateFile = `${dataDir}.json`;
  const lockFile = `${dataDir}.lock`;

  const remembered = () => {
    const state = readJsonObject(stateFile);
    const port = state?.['port'];
    const identifier = state?.['systemIdentifier'];
    return { port: typeof port === 'number' ? port : undefined, systemIdentifier: typeof identifier === 'string' ? identifier : undefined };
  };
  const urlAt = (port: number) => `postgresql://${superuserName}:${encodeURIComponent(options.password)}@127.0.0.1:${port}/postgres`;

  async function status(): Promise<PostgresStatus> {
    const base = { dataDir, logFile };
    const folder = inspectFolder(dataDir);
    if (folder.kind === 'absent' || folder.kind === 'empty') return { ...base, state: 'absent' };
    if (folder.kind === 'half-initialised') return { ...base, state: 'half-initialised' };
    const file = readPostmasterFile(dataDir);
    const port = file?.port ?? remembered().port;
    if (file === undefined || port === undefined) return { ...base, state: 'stopped', ...(port === undefined ? {} : { port }) };
    const answer = await probePostgres(urlAt(port));
    const ours = processesInFolder(dataDir).includes(file.pid);
    if (answer.kind !== 'answers' && !ours && (await isPortFree(port))) {
      return { ...base, state: 'stopped', port, detail: `postmaster.pid names process ${file.pid}, which is gone or a stranger` };
    }
    switch (answer.kind) {
      case 'answers':
        if (isSameFolder(answer.dataDir, dataDir)) return { ...base, state: 'running', pid: file.pid, port, version: answer.version };
        return { ...base, state: ours ? 'starting' : 'foreign', port, detail: `port ${port} is served from ${answer.dataDir}` };
      case 'starting':
        return { ...base, state: 'starting', pid: file.pid, port, detail: answer.message };
      case 'password-refused':
        if (!ours) return { ...base, state: 'foreign', port, detail: `port ${port} belongs to ${describePortOwner(port)}` };
        throw new LocalError('POSTGRES_PASSWORD_REFUSED', `the running PostgreSQL of ${dataDir} refuses the password of ${superuserName}`, {
          fix: 'put back the secrets.env that belongs to this data folder',
        });
      case 'nobody':
        return ours
          ? { ...base, state: 'starting', pid: file.pid, port, detail: 'the process lives but does not listen yet' }
          : { ...base, state: 'stopped', port, detail: `postmaster.pid names process ${file.pid}, which is gone or a stranger` };
      case 'stranger':
        return { ...base, state: ours ? 'starting' : 'foreign', port, detail: answer.message };
    }
  }

  async function initialise(): Promise<{ created: boolean }> {
    mkdirSync(dirname(dataDir), { recursive: true });
    const release = await acquireLock(lockFile, { purpose: 'initialising PostgreSQL' });
    try {
      const user = serverUser();
      requireReach(dirname(dataDir), user?.name, canReach(user, dirname(dataDir), 'enter'));
      const created = initialiseCluster({
        dataDir,
        binaries: await usableBinaries(user),
        user,
        superuser: superuserName,
        password: options.password,
        sync: options.sync ?? true,
      });
      return { created };
    } finally {
      release();
    }
  }

  async function usableBinaries(user: ReturnType<typeof serverUser>) {
    return reachableBinaries(await locatePostgresBinaries(), {
      user,
      copyDir: join(dirname(dataDir), 'binaries'),
      version: String(majorVersion),
    });
  }

  async function start() {
    const release = await acquireLock(lockFile, { purpose: 'starting PostgreSQL' });
    try {
      const before = await status();
      if (before.state === 'running' || before.state === 'starting') {
        return { ...(await waitUntilOurs(before.port, before.pid)), alreadyRunning: true };
      }
      requireCluster();
      await waitForPredecessor();
      return { ...(await launch()), alreadyRunning: false };
    } finally {
      release();
    }
  }

  function requireCluster(): void {
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

  // Backends of a killed postmaster notice its death within moments. A pid file is removed only when
  // nobody works in the folder any more: PostgreSQL itself would believe a recycled pid for ever, and
  // the pid of a zombie, too, which stays where nobody collects orphans (many containers).
  async function waitForPredecessor(): Promise<void> {
    const gone = await waitFor(() => (processesInFolder(dataDir).length === 0 ? true : undefined), { timeoutMs: predecessorTimeoutMs });
    if (gone === undefined) {
      throw startError('predecessor-alive', { dataDir, port: 0, logFile, log: [`processes: ${processesInFolder(dataDir).join(', ')}`] });
    }
    const file = readPostmasterFile(dataDir);
    if (file !== undefined && isPidInUse(file.pid)) rmSync(join(dataDir, 'postmaster.pid'));
  }

  async function launch() {
    const user = serverUser();
    const binaries = await usableBinaries(user);
    mkdirSync(dirname(logFile), { recursive: true });
    closeSync(openSync(logFile, 'a', 0o640));
    if (user !== undefined) chownSync(logFile, user.uid, user.gid);
    for (let attempt = 1; ; attempt += 1) {
      const port = await portForStart(attempt);
      const from = logSize(logFile);
      const child = await spawnDetached({
        command: binaries.postgres,
        args: serverArguments(dataDir, port, options.settings),
        logFile,
        env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
        user,
      });
      const ready = await waitUntilServing(port, child);
      if (ready) {
        await remember(port);
        return { url: urlAt(port), port, pid: child.pid };
      }
      const log = logTail(logFile, { linesMax: logTailLines, from });
      const failure = classifyStartFailure(log);
      const mayRetry = failure === 'port-taken' && options.port === undefined && attempt < portAttemptsMax;
      if (!mayRetry) throw startError(failure, { dataDir, port, logFile, log });
    }
  }

  async function portForStart(attempt: number): Promise<number> {
    if (options.port === undefined)
      return choosePort(attempt === 1 ? (remembered().port ?? options.preferredPort ?? preferredPort) : undefined);
    if (await isPortFree(options.port)) return options.port;
    throw startError('port-taken', { dataDir, port: options.port, logFile, log: [] });
  }

  /** True once it serves; false when the process ended before. */
  async function waitUntilServing(port: number, child: ProcessIdentity): Promise<boolean> {
    const outcome = await waitFor(
      async () => {
        const answer = await probePostgres(urlAt(port));
        if (answer.kind === 'answers' && isSameFolder(answer.dataDir, dataDir)) return 'serving' as const;
        return isSameProcess(child) ? undefined : ('ended' as const);
      },
      { timeoutMs: startTimeoutMs },
    );
    if (outcome === undefined) throw startTimeout();
    return outcome === 'serving';
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
    if (running === undefined || found === undefined || processId === undefined) throw startTimeout();
    await remember(found);
    return { url: urlAt(found), port: found, pid: processId };
  }

  function startTimeout(): LocalError {
    return new LocalError('POSTGRES_START_TIMEOUT', `PostgreSQL does not serve after ${startTimeoutMs / 1_000} s`, {
      fix: `a long recovery after a crash is normal for a big database: watch ${logFile} and start again`,
      logTail: logTail(logFile, { linesMax: logTailLines }),
    });
  }

  async function remember(port: number): Promise<void> {
    const known = remembered();
    if (known.port === port && known.systemIdentifier !== undefined) return;
    const answer = await probePostgres(urlAt(port));
    writeJson(stateFile, { port, ...(answer.kind === 'answers' ? { systemIdentifier: answer.systemIdentifier } : {}) });
  }

  async function stop(): Promise<'absent' | 'stopped' | 'killed'> {
    const release = await acquireLock(lockFile, { purpose: 'stopping PostgreSQL' });
    try {
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
    } finally {
      release();
    }
  }

  return {
    initialise,
    start,
    stop,
    status,
    url: () => {
      const port = options.port ?? remembered().port;
      return port === undefined ? undefined : urlAt(port);
    },
  };
}

function requireReach(folder: string, user: string | undefined, reachable: boolean): void {
  if (reachable) return;
  throw new LocalError('LOCAL_FOLDER_UNREACHABLE', `the user ${user ?? 'who runs this'} cannot enter ${folder}`, {
    fix: `open the folders above it (chmod o+x), or set SANCTUM_HOME to a folder that every user can enter`,
  });
}
