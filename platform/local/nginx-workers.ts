/** The workers of a running nginx. They outlive a master that is killed, keep its port and go on answering. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { waitFor } from './processes.ts';

const endTimeoutMs = 5_000;
const psTimeoutMs = 3_000;
const processesMax = 20_000;

interface Worker {
  readonly pid: number;
  /** It was replaced, and only finishes what it has begun. */
  readonly isLeaving: boolean;
}

/** Workers of the master that led this process group, which has the master's process id also after its end. */
function workersOf(master: number): Worker[] {
  const seen = process.platform === 'linux' ? processesFromProc(master) : processesFromPs(master);
  return seen
    .filter(({ pid, title }) => pid !== master && title.includes('nginx: worker process'))
    .map(({ pid, title }) => ({ pid, isLeaving: title.includes('shutting down') }));
}

export function acceptingWorkers(master: number): number[] {
  return workersOf(master).flatMap(({ pid, isLeaving }) => (isLeaving ? [] : [pid]));
}

/** Ends the workers that a dead master left. @returns how many there were */
export async function endLeftWorkers(master: number): Promise<number> {
  const left = workersOf(master);
  for (const { pid } of left) process.kill(pid, 'SIGTERM');
  const areGone = () => (workersOf(master).length === 0 ? true : undefined);
  if ((await waitFor(areGone, { timeoutMs: endTimeoutMs })) === undefined)
    for (const { pid } of workersOf(master)) process.kill(pid, 'SIGKILL');
  return left.length;
}

interface Seen {
  readonly pid: number;
  readonly title: string;
}

function processesFromProc(group: number): Seen[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .slice(0, processesMax);
  return pids.flatMap((pid) => {
    const stat = textOf(`/proc/${pid}/stat`);
    // The command name stands in brackets and may itself hold spaces and brackets: see proc_pid_stat(5).
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || Number(processGroup) !== group ? [] : [{ pid: Number(pid), title: textOf(`/proc/${pid}/cmdline`) }];
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process ended between two looks, or is not ours to look at.
    return '';
  }
}

function processesFromPs(group: number): Seen[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,pgid=,command='], { encoding: 'utf8', timeout: psTimeoutMs }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, processGroup, title = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(processGroup) === group ? [{ pid: Number(pid), title }] : [];
  });
}
