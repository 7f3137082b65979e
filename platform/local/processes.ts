import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalError, systemErrorCode } from './local-error.ts';

const pollIntervalMs = 20;
const psTimeoutMs = 3_000;

/** Who a process is: a pid alone is recycled, a pid with its start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** An operating system user to run a child as; `undefined` means the current one. */
export interface OperatingUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/** True when a process with this pid exists, whoever owns it. Says nothing about who it is. */
export function isPidInUse(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

/**
 * When the process started, as an opaque text that is equal only for the same process; undefined
 * when there is no such process, or when it is a zombie that nobody has collected yet.
 */
export function processStartedAt(pid: number): string | undefined {
  if (!isPidInUse(pid)) return undefined;
  return process.platform === 'linux' ? startedAtFromProc(pid) : startedAtFromPs(pid);
}

function startedAtFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name stands in brackets and may itself hold spaces and brackets: see proc_pid_stat(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

function startedAtFromPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: psTimeoutMs,
      env: { ...process.env, LC_ALL: 'C' },
    }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch (error) {
    // ps answers 1 when the process ended between the two looks.
    if (error instanceof Error && 'status' in error && error.status === 1) return undefined;
    throw error;
  }
}

export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = processStartedAt(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isSameProcess(identity: ProcessIdentity): boolean {
  return processStartedAt(identity.pid) === identity.startedAt;
}

/**
 * Starts a child in its own session, so that it outlives this process and its terminal, with both
 * outputs appended to `logFile`.
 * @throws LocalError LOCAL_COMMAND_FAILED when the operating system cannot start it.
 */
export async function spawnDetached(options: {
  command: string;
  args: readonly string[];
  logFile: string;
  env: NodeJS.ProcessEnv;
  cwd?: string;
  user?: OperatingUser | undefined;
}): Promise<ProcessIdentity> {
  const log = openSync(options.logFile, 'a', 0o640);
  try {
    const child = spawn(options.command, options.args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: options.env,
      cwd: options.cwd ?? '/',
      ...(options.user === undefined ? {} : { uid: options.user.uid, gid: options.user.gid }),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    const pid = child.pid;
    if (pid === undefined) throw new Error('the child has no process id');
    // A child that already ended has no identity any more: the caller's wait then reads its log.
    return identify(pid) ?? { pid, startedAt: 'ended' };
  } catch (cause) {
    throw new LocalError('LOCAL_COMMAND_FAILED', `cannot start ${options.command}: ${String(cause)}`, {
      fix: `check that ${options.command} exists and may be executed`,
      cause,
    });
  } finally {
    closeSync(log);
  }
}

/** Polls until `condition` gives a value other than undefined, or the limit passes (then undefined). */
export async function waitFor<T>(
  condition: () => Promise<T | undefined> | T | undefined,
  options: { timeoutMs: number; intervalMs?: number; signal?: AbortSignal | undefined },
): Promise<T | undefined> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const value = await condition();
    if (value !== undefined) return value;
    if (performance.now() >= deadline) return undefined;
    await delay(options.intervalMs ?? pollIntervalMs);
  }
}

/**
 * Asks a process to end and waits for it; after `timeoutMs` it is killed. Safe to repeat.
 * @returns how it ended: it was already gone, it obeyed, or it had to be killed.
 * @throws LocalError LOCAL_PROCESS_WILL_NOT_STOP when even SIGKILL does not end it.
 */
export async function stopProcess(
  identity: ProcessIdentity,
  options: { signal: NodeJS.Signals; timeoutMs: number; killTimeoutMs?: number },
): Promise<'absent' | 'stopped' | 'killed'> {
  if (!isSameProcess(identity)) return 'absent';
  const gone = () => (isSameProcess(identity) ? undefined : true);
  sendSignal(identity.pid, options.signal);
  if (await waitFor(gone, { timeoutMs: options.timeoutMs })) return 'stopped';
  sendSignal(identity.pid, 'SIGKILL');
  if (await waitFor(gone, { timeoutMs: options.killTimeoutMs ?? 5_000 })) return 'killed';
  throw new LocalError('LOCAL_PROCESS_WILL_NOT_STOP', `process ${identity.pid} does not end`, {
    fix: `look at it with: ps -o pid,stat,wchan,command -p ${identity.pid}`,
  });
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended by itself between the look and the signal, which is what was wanted.
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}
