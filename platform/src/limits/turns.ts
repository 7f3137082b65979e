/**
 * Requests of one caller take turns: so many of a limit are handled at once, the next ones wait without holding anything.
 * Whoever sends many in one moment takes a small part of the machine, however dear each of them is.
 */
import { AppError } from '../errors.ts';
import { atOnceDefault, type RateLimit, rateLimits, scaledLimits } from './rate-limits.ts';

export interface Turns<Name extends string> {
  /** Runs `work` once it is the caller's turn. Rejects with `request.rate_limited` when too many of the caller wait already. */
  run<T>(limitName: Name, caller: Caller, work: () => Promise<T>): Promise<T>;
  /** Callers with a request under way. */
  callers(): number;
}

/** Who asks: an account, or where none is known an address. */
export type Caller = `user:${string}` | `address:${string}`;

export interface TurnsOptions<Name extends string> {
  readonly limits: Readonly<Record<Name, RateLimit>>;
  /** Waiting requests of one caller; one more is refused. */
  readonly waitingMax?: number;
}

interface Line {
  underWay: number;
  /** Bounded by waitingMax. */
  readonly waiting: (() => void)[];
}

const waitingMaxDefault = 64;
/** Behind one address: a household, an office. */
const accountsOfAnAddress = 4;

/** The turns of the platform's own limits. */
export function createPlatformTurns({ factor }: { readonly factor: number }): Turns<keyof typeof rateLimits> {
  return createTurns({ limits: scaledLimits(rateLimits, factor) });
}

export function createTurns<Name extends string>({ limits, waitingMax = waitingMaxDefault }: TurnsOptions<Name>): Turns<Name> {
  // Holds callers with requests under way and nobody else.
  const lines = new Map<Name, Map<Caller, Line>>();
  for (const name of Object.keys(limits) as Name[]) lines.set(name, new Map());

  function enter(name: Name, caller: Caller, line: Line): Promise<void> | undefined {
    const most = (limits[name].atOnce ?? atOnceDefault) * (caller.startsWith('user:') ? 1 : accountsOfAnAddress);
    if (line.underWay < most) {
      line.underWay += 1;
      return undefined;
    }
    if (line.waiting.length >= waitingMax) throw new AppError('request.rate_limited', { retryAfterSeconds: 1 });
    return new Promise((resolve) => void line.waiting.push(resolve));
  }

  function leave(callers: Map<Caller, Line>, caller: Caller, line: Line): void {
    const next = line.waiting.shift();
    if (next !== undefined) {
      next(); // Its place passes on: underWay stays.
      return;
    }
    line.underWay -= 1;
    if (line.underWay === 0) callers.delete(caller);
  }

  return {
    async run(name, caller, work) {
      const callers = lines.get(name);
      if (callers === undefined) throw new Error(`there is no limit "${name}"`);
      let line = callers.get(caller);
      if (line === undefined) callers.set(caller, (line = { underWay: 0, waiting: [] }));
      const turn = enter(name, caller, line);
      if (turn !== undefined) await turn;
      try {
        return await work();
      } finally {
        leave(callers, caller, line);
      }
    },
    callers: () => lines.values().reduce((count, callers) => count + callers.size, 0),
  };
}
