import { LocalError } from '@sanctum/platform/local/local-error';
import { logTail } from '@sanctum/platform/local/log-tail';
import type { PostgresStatus } from '@sanctum/platform/local/postgres-types';
import { inspectFolder, processesInFolder, readPostmasterFile } from '@sanctum/platform/local/postgres-folder';
import { knownPostgresPlace } from '../../../stack/home.ts';
import type { StackHome } from '../../../stack/home.ts';
import { processFacts } from '../../../stack/process-facts.ts';
import { readPlatformRuns } from '../../../stack/platform-process.ts';
import { readSecrets } from '../../../stack/secrets.ts';
import { stackPostgres } from '../../../stack/stack.ts';

const logLines = 200;
const evidenceLines = 3;
const recentMs = 10 * 60_000;

/** The embedded PostgreSQL as processes, beside what it answers. */
export interface PostgresSight {
  readonly state: PostgresStatus['state'] | 'password-refused';
  readonly detail: string | undefined;
  readonly fix: string | undefined;
  readonly dataDir: string;
  /** Processes of the cluster that a signal has stopped. */
  readonly pausedPids: readonly number[];
  /** What its log said in the last minutes: evidence, never a cause. */
  readonly recentLines: readonly string[];
}

export async function lookAtPostgres(home: StackHome): Promise<PostgresSight | undefined> {
  const secrets = readSecrets(home.secretsFile);
  const place = knownPostgresPlace(home);
  if (secrets === undefined || place === undefined || readPlatformRuns(home)[0]?.database === 'external') return undefined;
  const folder = inspectFolder(place.dataDir).kind;
  const pids = folder === 'ready' && readPostmasterFile(place.dataDir) !== undefined ? processesInFolder(place.dataDir) : [];
  const common = {
    dataDir: place.dataDir,
    pausedPids: pids.filter((pid) => processFacts(pid)?.isPaused === true),
    recentLines: severeLines(place.logFile),
  };
  try {
    const status = await stackPostgres(place, secrets).status();
    return { ...common, state: status.state, detail: status.detail, fix: undefined };
  } catch (error) {
    if (!(error instanceof LocalError) || error.code !== 'POSTGRES_PASSWORD_REFUSED') throw error;
    return { ...common, state: 'password-refused', detail: error.message, fix: error.fix };
  }
}

function severeLines(logFile: string): string[] {
  const lines = logTail(logFile, { linesMax: logLines }).filter((line) => /\b(FATAL|PANIC)\b/.test(line) || /No space left/.test(line));
  const since = new Date(Date.now() - recentMs).toISOString().slice(0, 19).replace('T', ' ');
  return lines.filter((line) => line.slice(0, 19) >= since && !/due to administrator command/.test(line)).slice(-evidenceLines);
}
