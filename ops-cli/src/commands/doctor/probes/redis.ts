import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { redisLabel } from '@sanctum/audits/targets/redis';
import type { RedisStatus } from '@sanctum/platform/local/redis-status';
import { keyCatalogue } from '@sanctum/platform/redis/keys';
import { processFacts } from '../../../stack/process-facts.ts';
import { clockDifference } from './clock.ts';

const connectTimeoutMs = 1_500;
const commandTimeoutMs = 1_500;
const probeTtlSeconds = 10;
const cpuSampleMs = 400;
/** As large as the largest thing that the platform keeps there. */
const valueBytes = Math.max(...keyCatalogue.map((key) => key.sizeMaxBytes));

/** One Redis, asked with a round trip of our own: set, get and delete of a key that ends by itself. */
export interface RedisSight {
  readonly label: string;
  /** `silent`: the port accepts and nothing is answered. `refused`: an answer, and the answer is no. */
  readonly state: 'answers' | 'refused' | 'silent' | 'unreachable' | 'stranger';
  /** The server's or the network's own words when it is not well. */
  readonly message: string;
  /** Why a write was refused; undefined when it was taken, read back and deleted. */
  readonly writeRefusal: string | undefined;
  readonly info: Readonly<Record<string, string>>;
  readonly clockOffByMs: number | undefined;
  readonly local: LocalProcess | undefined;
}

interface LocalProcess {
  readonly state: RedisStatus['state'];
  readonly detail: string | undefined;
  readonly pid: number | undefined;
  readonly isPaused: boolean;
  /** 0 to 1 of one core. */
  readonly cpuShare: number | undefined;
  readonly logFile: string;
}

export async function lookAtRedis(url: string, status: (() => Promise<RedisStatus>) | undefined): Promise<RedisSight> {
  const [answer, local] = await Promise.all([ask(url), status === undefined ? undefined : lookAtProcess(status)]);
  return { label: redisLabel(url), ...answer, local };
}

async function lookAtProcess(status: () => Promise<RedisStatus>): Promise<LocalProcess> {
  const now = await status();
  const common = { state: now.state, detail: now.detail, pid: now.pid, logFile: now.logFile };
  if (now.pid === undefined) return { ...common, isPaused: false, cpuShare: undefined };
  const before = processFacts(now.pid);
  const startedAt = performance.now();
  if (now.state === 'starting') await new Promise((resolve) => setTimeout(resolve, cpuSampleMs));
  const after = processFacts(now.pid);
  const used = (after?.cpuSeconds ?? Number.NaN) - (before?.cpuSeconds ?? Number.NaN);
  const share = used / Math.max(0.001, (performance.now() - startedAt) / 1_000);
  return {
    ...common,
    isPaused: after?.isPaused === true,
    cpuShare: Number.isFinite(share) && now.state === 'starting' ? share : undefined,
  };
}

type Answer = Omit<RedisSight, 'label' | 'local'>;

async function ask(url: string): Promise<Answer> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    enableReadyCheck: false,
    disableClientInfo: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectionName: 'sanctum-doctor',
  });
  let lastError: unknown;
  client.on('error', (error: Error) => (lastError = error));
  try {
    await client.connect();
    const info = parseInfo(await client.info());
    const clockOffByMs = await clockDifference(async () => {
      const [seconds, micros] = (await client.time()).map(Number);
      return (seconds ?? 0) * 1_000 + (micros ?? 0) / 1_000;
    });
    return { state: 'answers', message: '', writeRefusal: await roundTrip(client), info, clockOffByMs };
  } catch (error) {
    const refusal = [error, lastError].find((one) => one instanceof Error && one.name === 'ReplyError');
    const message = text(refusal ?? lastError ?? error);
    return { state: classify(refusal, message), message, writeRefusal: undefined, info: {}, clockOffByMs: undefined };
  } finally {
    client.disconnect();
  }
}

/** Undefined when the key came back as it was written. */
async function roundTrip(client: Redis): Promise<string | undefined> {
  const key = `doctor:${randomUUID()}`;
  const value = key.padEnd(valueBytes, '.');
  try {
    await client.set(key, value, 'EX', probeTtlSeconds);
    // Redis counts before it writes: only the second write tells whether the first one was the last.
    await client.set(key, value, 'EX', probeTtlSeconds);
    const found = await client.get(key);
    await client.del(key);
    return found === value ? undefined : 'LOST a key that was written a moment before is not there';
  } catch (error) {
    return text(error);
  }
}

function classify(refusal: unknown, message: string): Answer['state'] {
  if (refusal !== undefined) return 'refused';
  if (/Protocol error/i.test(message)) return 'stranger';
  if (/timed out|ETIMEDOUT/i.test(message)) return 'silent';
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/.test(message)) return 'unreachable';
  return 'stranger';
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parseInfo(document: string): Record<string, string> {
  const rows = document.split(/\r?\n/).filter((line) => line.includes(':') && !line.startsWith('#'));
  return Object.fromEntries(rows.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}
