import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const psTimeoutMs = 2_000;
/** Linux counts CPU time in these whatever the kernel's own tick is: see proc_pid_stat(5), USER_HZ. */
const ticksPerSecond = 100;

/** What the operating system says of one process; undefined fields could not be read. */
export interface ProcessFacts {
  /** Stopped by a signal (SIGSTOP, a debugger, Ctrl-Z): it lives, holds its port and answers nobody. */
  readonly isPaused: boolean;
  /** CPU seconds used since its start. */
  readonly cpuSeconds: number | undefined;
}

/** Undefined when there is no such process. */
export function processFacts(pid: number): ProcessFacts | undefined {
  return process.platform === 'linux' ? factsFromProc(pid) : factsFromPs(pid);
}

function factsFromProc(pid: number): ProcessFacts | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It is gone, or belongs to a namespace that this user may not see: either way nothing is known of it.
    return undefined;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { isPaused: fields[0] === 'T' || fields[0] === 't', cpuSeconds: Number.isFinite(ticks) ? ticks / ticksPerSecond : undefined };
}

function factsFromPs(pid: number): ProcessFacts | undefined {
  try {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8', timeout: psTimeoutMs }).trim();
    return { isPaused: state.startsWith('T'), cpuSeconds: undefined };
  } catch {
    // ps answers 1 when there is no such process.
    return undefined;
  }
}
