import { join } from 'node:path';
import { readJsonObject } from './json-file.ts';
import { describePortOwner, isPortFree } from './ports.ts';
import { isSameProcess, type ProcessIdentity } from './processes.ts';
import { probeRedis } from './redis-probe.ts';

/** Where one local Redis keeps what it keeps. */
export interface RedisPlace {
  readonly dataDir: string;
  readonly logFile: string;
  readonly password: string;
}

export interface RedisStatus {
  readonly state: 'absent' | 'stopped' | 'starting' | 'running' | 'foreign';
  readonly logFile: string;
  readonly pid?: number;
  readonly port?: number;
  readonly version?: string;
  readonly detail?: string;
}

export const configFileOf = ({ dataDir }: RedisPlace) => join(dataDir, 'redis.conf');
/** What is remembered between processes. Beside the data folder. */
export const stateFileOf = ({ dataDir }: RedisPlace) => `${dataDir}.json`;

/** With the user's name: redis-cli 7 takes an address without one for a user without a name, and is refused. */
export function redisUrl({ password }: RedisPlace, port: number): string {
  return `redis://default:${encodeURIComponent(password)}@127.0.0.1:${port}/0`;
}

export function rememberedOf(place: RedisPlace): { port?: number; process?: ProcessIdentity } {
  const { port, pid, startedAt } = readJsonObject(stateFileOf(place)) ?? {};
  return {
    ...(typeof port === 'number' ? { port } : {}),
    ...(typeof pid === 'number' && typeof startedAt === 'string' ? { process: { pid, startedAt } } : {}),
  };
}

/** The server that answers has to have been started from our configuration file. */
export async function redisStatus(place: RedisPlace): Promise<RedisStatus> {
  const { logFile } = place;
  const known = rememberedOf(place);
  if (known.port === undefined) return { state: 'absent', logFile };
  const alive = known.process !== undefined && isSameProcess(known.process);
  const answer = await probeRedis(redisUrl(place, known.port));
  if (answer.kind === 'answers') {
    if (answer.configFile === configFileOf(place))
      return { state: 'running', logFile, port: known.port, pid: answer.pid, version: answer.version };
    return { state: 'foreign', logFile, port: known.port, detail: `port ${known.port} is served by another Redis` };
  }
  if (alive && known.process !== undefined)
    return { state: 'starting', logFile, port: known.port, pid: known.process.pid, detail: answer.message };
  // A process that is dying resets a connection, so that a stranger is only believed while it holds the port.
  if (answer.kind === 'nobody' || (await isPortFree(known.port))) return { state: 'stopped', logFile, port: known.port };
  return { state: 'foreign', logFile, port: known.port, detail: `port ${known.port} belongs to ${describePortOwner(known.port)}` };
}
