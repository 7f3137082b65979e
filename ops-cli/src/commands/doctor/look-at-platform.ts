import { describePortOwner, isPortFree } from '@sanctum/platform/local/ports';
import { logTail } from '@sanctum/platform/local/log-tail';
import type { StackHome } from '../../stack/home.ts';
import { parseLogLine } from '../../stack/log-lines.ts';
import { lastFailure } from '../../stack/last-failure.ts';
import { askReadiness, platformState } from '../../stack/platform-process.ts';
import { brokenParts } from '../../stack/readiness.ts';
import type { Cause } from './cause.ts';

const DEFAULT_PORT = 8375;
const LOG_LINES = 300;
const EVIDENCE_LINES = 4;
const RECENT_MS = 5 * 60_000;

/** The platform's process, its port, its readiness and its log. */
export async function lookAtPlatform(home: StackHome): Promise<Cause[]> {
  const { state, run, readiness } = await platformState(home);
  const errors = recentErrors(home.platformLog);
  if (state === 'ready') {
    if (errors.length === 0) return [];
    return [
      {
        id: 'platform-logs-errors',
        title: 'The platform logged errors in the last minutes',
        confidence: 0.25,
        evidence: errors,
        next: `tail -n 50 ${home.platformLog}`,
      },
    ];
  }
  if (state === 'stopped') return stoppedCauses(run, lastFailure(home)?.port ?? run?.port ?? DEFAULT_PORT, errors);
  if (readiness === undefined) {
    return [
      {
        id: 'platform-hangs',
        title: 'The platform lives but does not answer',
        confidence: 0.8,
        evidence: [`process ${run?.pid ?? '?'} gives no answer at ${run?.url ?? '?'}/ready`, ...errors],
        next: 'npx sanctum-ops down && npx sanctum-ops up',
      },
    ];
  }
  return [notReady(readiness, errors)];
}

async function stoppedCauses(run: { pid: number } | undefined, port: number, errors: readonly string[]): Promise<Cause[]> {
  const taken: Cause[] = (await isPortFree(port))
    ? []
    : [
        {
          id: 'port-taken',
          title: `Port ${port} is taken by somebody else`,
          confidence: 0.92,
          evidence: [`port ${port} belongs to ${describePortOwner(port)}`],
          next: `npx sanctum-ops up --port ${port + 1}`,
        },
      ];
  if (run === undefined)
    return [
      ...taken,
      {
        id: 'platform-stopped',
        title: 'The platform does not run',
        confidence: 0.7,
        evidence: ['nothing says that it was started', ...errors],
        next: 'npx sanctum-ops up',
      },
    ];
  return [
    ...taken,
    {
      id: 'platform-ended',
      title: 'The platform ended without being stopped',
      confidence: 0.75,
      evidence: [`process ${run.pid} is gone`, ...errors],
      next: 'npx sanctum-ops up',
    },
  ];
}

function notReady(readiness: { status: number; body: unknown }, errors: readonly string[]): Cause {
  return {
    id: 'platform-not-ready',
    title: 'The platform says that it is not ready',
    confidence: 0.65,
    evidence: [`/ready answers ${readiness.status}`, ...brokenParts(readiness.body), ...errors],
    next: 'repair what /ready names; if nothing else is listed here: npx sanctum-ops down && npx sanctum-ops up',
  };
}

/** The same for a platform elsewhere, seen from outside only. */
export async function lookAtRemotePlatform(url: string): Promise<Cause[]> {
  const readiness = await askReadiness(url);
  if (readiness === undefined) {
    return [
      {
        id: 'platform-hangs',
        title: 'The platform does not answer',
        confidence: 0.9,
        evidence: [`no answer from ${new URL('/ready', url).href}`],
        next: `curl -sv ${new URL('/health', url).href}`,
      },
    ];
  }
  return readiness.status === 200 ? [] : [notReady(readiness, [])];
}

function recentErrors(logFile: string): string[] {
  const lines = logTail(logFile, { linesMax: LOG_LINES }).map(parseLogLine);
  const since = Date.now() - RECENT_MS;
  const severe = lines.filter((line) => line.level === 'fatal' || line.level === 'error' || /^\w*Error\b/.test(line.message));
  return severe
    .filter((line) => line.time === undefined || Date.parse(line.time) >= since)
    .map((line) => line.message.slice(0, 300))
    .slice(-EVIDENCE_LINES);
}
