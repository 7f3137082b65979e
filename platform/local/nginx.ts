/**
 * Supervises one local nginx in front of the platform's instances, with the configuration that ships in `deploy/nginx/`.
 * A change is proven by `nginx -t` before the running one reads it, so that a bad one never takes the proxy away.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './find-program.ts';
import { readJsonObject, writeFileAtomically, writeJson } from './json-file.ts';
import { LocalError } from './local-error.ts';
import { logSize, logTail } from './log-tail.ts';
import { type NginxSettings, renderNginxConfiguration, type Upstream } from './nginx-configuration.ts';
import { acceptingWorkers, endLeftWorkers } from './nginx-workers.ts';
import { describePortOwner, isPortFree } from './ports.ts';
import { isSameProcess, type ProcessIdentity, spawnDetached, stopProcess, waitFor } from './processes.ts';

const startTimeoutMs = 10_000;
const reloadTimeoutMs = 5_000;
const stopTimeoutMs = 5_000;
const testTimeoutMs = 10_000;
const logTailLines = 8;
const filesMaxWanted = 65_536;
/** Debian keeps it where the PATH of a person does not lead. */
const usualFolders = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];

/** What the run file holds. */
export interface ProxyRun extends ProcessIdentity {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly upstreams: readonly Upstream[];
}

export interface LocalProxy {
  /** Starts the proxy, or makes the running one use these instances. */
  apply(wanted: {
    host: string;
    port: number;
    upstreams: readonly Upstream[];
  }): Promise<{ run: ProxyRun; how: 'started' | 'reloaded' | 'unchanged' }>;
  /** Requests under way finish; sockets that are still open are cut. Safe to repeat. */
  stop(): Promise<'absent' | 'stopped' | 'killed'>;
  /** The last start, whether or not its process still lives. */
  run(): ProxyRun | undefined;
}

export function findNginx(options: { path?: string | undefined; toolsDir: string }): string | undefined {
  return findProgram('nginx', { ...options, folders: usualFolders });
}

/** Where one proxy lives. */
interface ProxyPlace {
  /** The program, or undefined where there is none: `apply` then refuses. */
  readonly program: string | undefined;
  readonly folder: string;
  readonly runFile: string;
  readonly logFile: string;
  readonly accessLog: string;
  /** Directives for the server, such as those for TLS. */
  readonly serverLines?: string;
}

type Wanted = Parameters<LocalProxy['apply']>[0];

const configurationOf = ({ folder }: ProxyPlace) => join(folder, 'nginx.conf');

export function createLocalProxy(place: ProxyPlace): LocalProxy {
  const { runFile, accessLog, logFile, serverLines = '' } = place;
  const run = () => readRun(runFile);

  async function stop(): Promise<'absent' | 'stopped' | 'killed'> {
    const known = run();
    if (known === undefined) return 'absent';
    const how = await stopProcess(known, { signal: 'SIGTERM', timeoutMs: stopTimeoutMs });
    const left = await endLeftWorkers(known.pid);
    rmSync(runFile, { force: true });
    return how === 'absent' && left > 0 ? 'stopped' : how;
  }

  return {
    run,
    stop,
    apply: async (wanted) => {
      const { host, port, upstreams } = wanted;
      const program = requireNginx(place.program);
      const logs = { accessLog, errorLog: logFile };
      const text = render({ listenHost: host, listenPort: port, upstreams, ...logs, serverLines, filesMax: filesMax() });
      const known = run();
      const configuration = configurationOf(place);
      if (known !== undefined && isSameProcess(known) && known.port === port && known.host === host) {
        const isSame = existsSync(configuration) && readFileSync(configuration, 'utf8') === text;
        if (isSame) return { run: known, how: 'unchanged' };
        prove(program, place, text);
        await reload(known);
        const next = { ...known, upstreams };
        writeJson(runFile, next);
        return { run: next, how: 'reloaded' };
      }
      await stop();
      await requirePort(port, host);
      prove(program, place, text);
      return { run: await launch(program, place, wanted), how: 'started' };
    },
  };
}

async function requirePort(port: number, host: string): Promise<void> {
  if (await isPortFree(port, host)) return;
  throw new LocalError('LOCAL_PORT_TAKEN', `port ${port} is taken by ${describePortOwner(port)}`, {
    fix: `end that process, or use another port: npx sanctum-ops up --port ${port === 65_535 ? 8376 : port + 1}`,
  });
}

/** Puts the configuration in place once nginx takes it. */
function prove(program: string, place: ProxyPlace, text: string): void {
  mkdirSync(join(place.folder, 'temp'), { recursive: true });
  const draft = join(place.folder, 'nginx.conf.draft');
  writeFileAtomically(draft, text);
  try {
    execFileSync(program, ['-t', '-q', ...flags(place, draft)], { timeout: testTimeoutMs, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim().split('\n') : [String(cause)];
    throw new LocalError('PROXY_CONFIGURATION_REFUSED', `nginx refuses its configuration: ${said[0] ?? 'it says nothing'}`, {
      fix: `read ${draft}; it is made from deploy/nginx/nginx.conf.template`,
      logTail: said,
      cause,
    });
  }
  writeFileAtomically(configurationOf(place), text);
  rmSync(draft);
}

function flags({ folder, logFile }: ProxyPlace, file: string, more = ''): string[] {
  const user = process.getuid?.() === 0 ? `user ${userInfo().username};` : '';
  return ['-p', `${folder}/`, '-c', file, '-e', logFile, '-g', `${user} ${more}`];
}

async function launch(program: string, place: ProxyPlace, wanted: Wanted): Promise<ProxyRun> {
  const { logFile, folder } = place;
  const from = logSize(logFile);
  const args = flags(place, configurationOf(place), 'daemon off;');
  const child = await spawnDetached({ command: program, args, logFile, cwd: folder, env: { PATH: process.env['PATH'] } });
  const url = `http://${wanted.host === '0.0.0.0' || wanted.host === '::' ? '127.0.0.1' : bracketed(wanted.host)}:${wanted.port}`;
  const started: ProxyRun = { ...child, url, ...wanted };
  writeJson(place.runFile, started);
  const outcome = await waitFor(
    async () => ((await answers(url)) ? ('listens' as const) : isSameProcess(child) ? undefined : ('ended' as const)),
    { timeoutMs: startTimeoutMs },
  );
  if (outcome === 'listens') return started;
  throw new LocalError('PROXY_START_FAILED', outcome === 'ended' ? 'nginx ended during its start' : 'nginx does not listen', {
    fix: `read ${logFile}; without a proxy: npx sanctum-ops up --instances 1`,
    logTail: logTail(logFile, { linesMax: logTailLines, from }),
  });
}

/** Returns when the workers that know the new configuration have taken over. */
async function reload(known: ProxyRun): Promise<void> {
  const before = new Set(acceptingWorkers(known.pid));
  process.kill(known.pid, 'SIGHUP');
  await waitFor(
    () => {
      const now = acceptingWorkers(known.pid);
      return now.length > 0 && now.every((pid) => !before.has(pid)) ? true : undefined;
    },
    { timeoutMs: reloadTimeoutMs },
  );
}

/** @throws LocalError PROXY_BINARY_MISSING, saying where to get one. */
export function requireNginx(program: string | undefined): string {
  if (program !== undefined) return program;
  throw new LocalError('PROXY_BINARY_MISSING', 'several instances need nginx in front of them, and there is none', {
    fix: 'run: make tools; or install it (Debian, Ubuntu: sudo apt-get install nginx-light; macOS: brew install nginx); one instance needs none: npx sanctum-ops up --instances 1',
  });
}

function render(settings: NginxSettings): string {
  try {
    return renderNginxConfiguration(settings);
  } catch (cause) {
    throw new LocalError('PROXY_CONFIGURATION_REFUSED', cause instanceof Error ? cause.message : String(cause), {
      fix: 'set SANCTUM_HOME to a folder whose name is made of letters, digits, "-" and "_"',
      cause,
    });
  }
}

export function readRun(runFile: string): ProxyRun | undefined {
  const { pid, startedAt, url, host, port, upstreams } = readJsonObject(runFile) ?? {};
  const isComplete =
    typeof pid === 'number' &&
    typeof startedAt === 'string' &&
    typeof url === 'string' &&
    typeof host === 'string' &&
    typeof port === 'number' &&
    Array.isArray(upstreams);
  return isComplete ? { pid, startedAt, url, host, port, upstreams: upstreams as Upstream[] } : undefined;
}

/** Any answer counts: that of an instance, or nginx's own that none answers. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(startTimeoutMs) });
    await response.body?.cancel();
    return true;
  } catch {
    // Nobody listens yet: the caller asks again, within its limit.
    return false;
  }
}

/** What the system allows, and no more than is of use. */
function filesMax(): number {
  const text = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  return text === 'unlimited' ? filesMaxWanted : Math.min(filesMaxWanted, Number(text));
}

const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host);
