/** Counts what the platform answered while Redis was in one state. */
import type { Answer } from '../lib/member.ts';

const unexpectedShownMax = 5;
/** More than what asking for the number itself costs. */
const commandsMin = 20;

export interface Phase {
  readonly name: string;
  /** Notes an answer; anything but `expected` is a complaint. */
  note(what: string, answer: Answer, expected: number): void;
  complain(what: string): void;
  complaints(): readonly string[];
  requests(): number;
  /** Notes how many commands Redis carried out; none where it serves is a complaint. */
  usedRedis(commands: number): void;
  /** name, requests, answers of 500 and above or none, unexpected, median ms, slowest ms, commands of Redis. */
  line(): (string | number)[];
}

export function createPhase(name: string): Phase {
  const durations: number[] = [];
  const complaints: string[] = [];
  let failed = 0;
  let unexpected = 0;
  let commands: number | undefined;
  const complain = (what: string) => {
    unexpected += 1;
    if (complaints.length < unexpectedShownMax) complaints.push(`${name}: ${what}`);
  };
  return {
    name,
    complain,
    note(what, answer, expected) {
      durations.push(answer.durationMs);
      if (answer.status === 0 || answer.status >= 500) failed += 1;
      if (answer.status !== expected)
        complain(`${what} answered ${answer.status || 'nothing'}, not ${expected}: ${answer.text.slice(0, 200)}`);
    },
    complaints: () => complaints,
    requests: () => durations.length,
    usedRedis(count) {
      commands = count;
      if (count < commandsMin) complain(`Redis serves and carried out ${count} commands: the platform does not use it`);
    },
    line() {
      const sorted = durations.toSorted((a, b) => a - b);
      const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
      return [name, durations.length, failed, unexpected, at(0.5), at(1), commands ?? '–'];
    },
  };
}

export const phaseHead = ['Redis', 'requests', '≥ 500 or none', 'unexpected', 'median ms', 'slowest ms', 'Redis commands'] as const;
