import { LocalError } from './local-error.ts';
import { describePortOwner } from './ports.ts';

/** Why a postmaster ended during its start, read from what it logged. */
export type StartFailure = 'port-taken' | 'predecessor-alive' | 'disk-full' | 'other-version' | 'other';

export function classifyStartFailure(log: readonly string[]): StartFailure {
  const text = log.join('\n');
  if (/No space left on device/.test(text)) return 'disk-full';
  if (/Address already in use|could not create any TCP\/IP sockets/.test(text)) return 'port-taken';
  if (/pre-existing shared memory block|lock file "postmaster\.pid" already exists/.test(text)) return 'predecessor-alive';
  if (/database files are incompatible with server/.test(text)) return 'other-version';
  return 'other';
}

export function startError(
  failure: StartFailure,
  context: { dataDir: string; port: number; logFile: string; log: readonly string[] },
): LocalError {
  const { dataDir, port, logFile, log: logTail } = context;
  switch (failure) {
    case 'disk-full':
      return new LocalError('LOCAL_DISK_FULL', `PostgreSQL cannot start: the disk of ${dataDir} is full`, {
        fix: `make room (df -h ${dataDir}) and run: npx sanctum-ops up. Never delete anything inside ${dataDir}, pg_wal above all`,
        logTail,
      });
    case 'port-taken':
      return new LocalError('LOCAL_PORT_TAKEN', `port ${port} is taken by ${describePortOwner(port)}`, {
        fix: `end that process, or choose another port for the database`,
        logTail,
      });
    case 'predecessor-alive':
      return new LocalError('POSTGRES_START_FAILED', `processes of an earlier PostgreSQL still use ${dataDir}`, {
        fix: `let them end, or end them yourself: they are listed by: lsof +D ${dataDir}`,
        logTail,
      });
    case 'other-version':
      return new LocalError('POSTGRES_DATA_OTHER_VERSION', `${dataDir} belongs to another PostgreSQL version`, {
        fix: `install the release that made it, or move it away: mv ${dataDir} ${dataDir}.aside && npx sanctum-ops up`,
        logTail,
      });
    case 'other':
      return new LocalError('POSTGRES_START_FAILED', 'PostgreSQL ended during its start', {
        fix: `read ${logFile}, then run: npx sanctum-ops doctor`,
        logTail,
      });
  }
}
