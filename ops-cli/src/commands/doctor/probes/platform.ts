import { setTimeout as delay } from 'node:timers/promises';
import { logTail } from '@sanctum/platform/local/log-tail';
import { isSameProcess, waitFor } from '@sanctum/platform/local/processes';
import { parseLogLine } from '../../../stack/log-lines.ts';
import { askReadiness } from '../../../stack/platform-process.ts';
import type { PlatformRun } from '../../../stack/platform-process.ts';
import { processFacts } from '../../../stack/process-facts.ts';

const patienceMs = 4_500;
const sampleMs = 1_200;
/** A cure reaches the platform within moments: it is asked again before it is called not ready. */
const readyAgainMs = 3_000;
const logLines = 300;
const evidenceLines = 3;
const recentMs = 5 * 60_000;

export interface PlatformSight {
  readonly url: string;
  readonly run: PlatformRun | undefined;
  /** Where it writes, when it is of this stack. */
  readonly logFile: string | undefined;
  /** `unknown` for a platform elsewhere. */
  readonly process: 'alive' | 'paused' | 'gone' | 'unknown';
  /** Milliseconds until /health answered; undefined when it did not in time. */
  readonly healthMs: number | undefined;
  /** Why there was no answer. */
  readonly silence: string | undefined;
  readonly clockOffByMs: number | undefined;
  readonly readiness: { readonly status: number; readonly body: unknown } | undefined;
  /** 0 to 1 of one core while we looked. */
  readonly cpuShare: number | undefined;
  readonly load: LoadSight | undefined;
  /** What the log said in the last minutes: evidence, never a cause. */
  readonly recentErrors: readonly string[];
}

/** Two readings of the metrics, a moment apart. */
export interface LoadSight {
  readonly seconds: number;
  /** Refused as too many: by the process, or because their kind of query had its share of the pool. */
  readonly shed: number;
  readonly requests: number;
  readonly waiting: number;
  readonly loopDelayMs: number;
}

export async function lookAtPlatform(
  url: string,
  run: PlatformRun | undefined,
  logFile: string | undefined,
  token: string | undefined,
): Promise<PlatformSight> {
  const isGone = run !== undefined && !isSameProcess(run);
  const before = run === undefined ? undefined : processFacts(run.pid);
  const recentErrors = logFile === undefined ? [] : errorsOf(logFile);
  const base = { url, run, logFile, recentErrors };
  const nothing = {
    healthMs: undefined,
    silence: undefined,
    clockOffByMs: undefined,
    readiness: undefined,
    cpuShare: undefined,
    load: undefined,
  };
  if (isGone) return { ...base, ...nothing, process: 'gone' };
  if (before?.isPaused === true) return { ...base, ...nothing, process: 'paused' };
  const startedAt = performance.now();
  const [health, readiness, load] = await Promise.all([askHealth(url), askUntilReady(url, token), sampleLoad(url, token)]);
  const used = run === undefined ? undefined : processFacts(run.pid)?.cpuSeconds;
  const cpuShare =
    used === undefined || before?.cpuSeconds === undefined
      ? undefined
      : (used - before.cpuSeconds) / ((performance.now() - startedAt) / 1_000);
  return { ...base, ...health, process: run === undefined ? 'unknown' : 'alive', readiness, cpuShare, load };
}

async function askHealth(url: string): Promise<Pick<PlatformSight, 'healthMs' | 'silence' | 'clockOffByMs'>> {
  const startedAt = performance.now();
  const before = Date.now();
  try {
    const response = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(patienceMs) });
    await response.body?.cancel();
    return { healthMs: Math.round(performance.now() - startedAt), silence: undefined, clockOffByMs: dateDifference(response, before) };
  } catch (error) {
    return { healthMs: undefined, silence: reasonOf(error), clockOffByMs: undefined };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${patienceMs / 1_000} s`;
  const cause = error.cause;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}

/** How far the Date header is ahead of this machine; it counts whole seconds. */
export function dateDifference(response: Response, askedAtMs: number): number | undefined {
  const theirs = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(theirs) ? undefined : Math.round(theirs + 500 - (askedAtMs + Date.now()) / 2);
}

async function askUntilReady(url: string, token: string | undefined): Promise<PlatformSight['readiness']> {
  let last: PlatformSight['readiness'];
  await waitFor(
    async () => {
      last = await askReadiness(url, token);
      return last?.status === 200 ? last : undefined;
    },
    { timeoutMs: readyAgainMs, intervalMs: 250 },
  );
  return last;
}

async function sampleLoad(url: string, token: string | undefined): Promise<LoadSight | undefined> {
  const first = await readMetrics(url, token);
  if (first === undefined) return undefined;
  const startedAt = performance.now();
  await delay(sampleMs);
  const second = await readMetrics(url, token);
  if (second === undefined) return undefined;
  const rise = (name: string) => Math.max(0, total(second, name) - total(first, name));
  const both = (name: string, label = '') => Math.min(total(first, name, label), total(second, name, label));
  return {
    seconds: (performance.now() - startedAt) / 1_000,
    shed: rise('sanctum_http_requests_shed_total') + rise('sanctum_db_bulkhead_refused_total'),
    requests: rise('sanctum_http_request_duration_seconds_count'),
    waiting: both('sanctum_db_pool_waiting') + both('sanctum_db_bulkhead_waiting'),
    loopDelayMs: both('sanctum_event_loop_delay_seconds', 'quantile="p50"') * 1_000,
  };
}

async function readMetrics(url: string, token: string | undefined): Promise<string | undefined> {
  try {
    const response = await fetch(new URL('/metrics', url), {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(patienceMs / 2),
    });
    return response.status === 200 ? await response.text() : undefined;
  } catch {
    // Whether it answers at all is asked by /health.
    return undefined;
  }
}

function total(page: string, name: string, label = ''): number {
  return page
    .split('\n')
    .filter((line) => (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

function errorsOf(logFile: string): string[] {
  const since = Date.now() - recentMs;
  const lines = logTail(logFile, { linesMax: logLines }).map(parseLogLine);
  return lines
    .filter((line) => line.level === 'fatal' || line.level === 'error' || /^\w*Error\b/.test(line.message))
    .filter((line) => line.time === undefined || Date.parse(line.time) >= since)
    .map((line) => line.message.slice(0, 200))
    .slice(-evidenceLines);
}
