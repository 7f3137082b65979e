/**
 * Requests of one caller take turns: so many of a limit are handled at once, the next ones wait without holding anything.
 * Whoever sends many in one moment takes a small part of the machine, however dear each of them is.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
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

/** Runs work and tells of its end, however it ends; whoever waits for the work hears of a failure by its own promise. */
function begin<T>(work: () => Promise<T>, end: () => void): Promise<T> {
  let result: Promise<T>;
  try {
    result = work();
  } catch (error) {
    end();
    return Promise.reject(error);
  }
  result.then(end, end);
  return result;
}

/** The turns of the platform's own limits. */
export function createPlatformTurns({ factor }: { readonly factor: number }): Turns<keyof typeof rateLimits> {
  return createTurns({ limits: scaledLimits(rateLimits, factor) });
}

export function createTurns<Name extends string>({ limits, waitingMax = waitingMaxDefault }: TurnsOptions<Name>): Turns<Name> {
  // Holds callers with requests under way and nobody else.
  const lines = new Map<Name, Map<Caller, Line>>();
  for (const name of Object.keys(limits) as Name[]) lines.set(name, new Map());

  /** True when it may begin now; false when it has to wait. */
  function enter(name: Name, caller: Caller, line: Line): boolean {
    const most = (limits[name].atOnce ?? atOnceDefault) * (caller.startsWith('user:') ? 1 : accountsOfAnAddress);
    if (line.underWay < most) {
      line.underWay += 1;
      return true;
    }
    if (line.waiting.length >= waitingMax) throw new AppError('request.rate_limited', { retryAfterSeconds: 1 });
    return false;
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
    // No async function: where there is room, the usual case, its promises would cost more than all the rest.
    run(name, caller, work) {
      const callers = lines.get(name);
      if (callers === undefined) return Promise.reject(new Error(`there is no limit "${name}"`));
      let line = callers.get(caller);
      if (line === undefined) callers.set(caller, (line = { underWay: 0, waiting: [] }));
      const { waiting } = line;
      const end = () => leave(callers, caller, line);
      try {
        if (enter(name, caller, line)) return begin(work, end);
      } catch (error) {
        return Promise.reject(error);
      }
      // Bound: it begins inside the request whose place it takes, and belongs to its own.
      return new Promise((resolve) => void waiting.push(AsyncLocalStorage.bind(() => resolve(begin(work, end)))));
    },
    callers: () => lines.values().reduce((count, callers) => count + callers.size, 0),
  };
}
