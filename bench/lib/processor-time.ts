/** Processor seconds of a process and its children, from /proc (Linux). Resolution: one clock tick, 10 ms. */
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
}

function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [parent, user, system, userOfDead, systemOfDead] = [fields[1], fields[11], fields[12], fields[13], fields[14]].map(Number);
    const ticks = (user ?? 0) + (system ?? 0) + (userOfDead ?? 0) + (systemOfDead ?? 0);
    return { pid, parent: parent ?? 0, seconds: ticks / ticksPerSecond };
  } catch {
    return undefined; // The process ended between the listing and the read.
  }
}

/** Sum over `pids` and everything below them. Throws where /proc is not there. */
export function processorSeconds(pids: readonly number[]): number {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readStat(Number(name)));
  const stats = all.filter((stat) => stat !== undefined);
  const wanted = new Set(pids);
  for (let grew = true; grew;) {
    grew = false;
    for (const stat of stats) {
      if (!wanted.has(stat.pid) && wanted.has(stat.parent)) {
        wanted.add(stat.pid);
        grew = true;
      }
    }
  }
  return stats.filter((stat) => wanted.has(stat.pid)).reduce((sum, stat) => sum + stat.seconds, 0);
}
