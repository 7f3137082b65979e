import { LocalError } from './local-error.ts';
import { describePortOwner, isPortFree } from './ports.ts';
import { inspectFolder, processesInFolder, readPostmasterFile } from './postgres-folder.ts';
import { type ClusterMemory, superuserName } from './postgres-memory.ts';
import { isSameFolder, probePostgres } from './postgres-probe.ts';
import type { EmbeddedPostgresOptions, PostgresStatus } from './postgres-types.ts';

/** What is in the data folder and what answers for it. A pid file is never believed: the server that answers has to serve our folder. */
export async function postgresStatus(
  { dataDir, logFile }: Pick<EmbeddedPostgresOptions, 'dataDir' | 'logFile'>,
  memory: ClusterMemory,
): Promise<PostgresStatus> {
  const base = { dataDir, logFile };
  const folder = inspectFolder(dataDir);
  if (folder.kind === 'absent' || folder.kind === 'empty') return { ...base, state: 'absent' };
  if (folder.kind === 'half-initialised') return { ...base, state: 'half-initialised' };
  const file = readPostmasterFile(dataDir);
  const port = file?.port ?? memory.port();
  if (file === undefined || port === undefined) return { ...base, state: 'stopped', ...(port === undefined ? {} : { port }) };
  const answer = await probePostgres(memory.urlAt(port));
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
