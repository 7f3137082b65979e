/**
 * Who may take one of the pool's connections. Each kind of query has some that are kept for it, may hold more while the
 * others do not need them, and has a bounded number of waiters; past those a request of this kind is refused at
 * once, and requests of other kinds do not notice. Waiting costs no connection.
 */
import { AppError } from '../errors.ts';
import { type PooledKind, pooledKinds, type Share } from './kinds.ts';

export interface BulkheadOptions {
  /** Connections of the pool. */
  readonly poolMax: number;
  /** Waiters of all kinds together. */
  readonly waitersMax: number;
  /** Longest wait. */
  readonly waitMs: number;
  readonly shares: Readonly<Record<PooledKind, Share>>;
  readonly onRefused?: (kind: PooledKind) => void;
}

export interface BulkheadState {
  readonly kind: PooledKind;
  readonly held: number;
  readonly heldMax: number;
  readonly waiting: number;
  readonly waitingMax: number;
}

export interface Bulkheads {
  /** Undefined when there is room now; else a promise of it. Throws or rejects with `server.busy`. Every success needs one leave(). */
  enter(kind: PooledKind): Promise<void> | undefined;
  leave(kind: PooledKind): void;
  states(): readonly BulkheadState[];
}

interface Compartment {
  readonly kept: number;
  readonly heldMax: number;
  readonly waitingMax: number;
  held: number;
  /** Bounded by waitingMax. */
  readonly waiting: Set<() => void>;
}

type Compartments = Readonly<Record<PooledKind, Compartment>>;

function createCompartments({ poolMax, waitersMax, shares }: Pick<BulkheadOptions, 'poolMax' | 'waitersMax' | 'shares'>): Compartments {
  const compartments = pooledKinds.map((kind): [PooledKind, Compartment] => {
    const { kept, most, waiters } = shares[kind];
    const compartment: Compartment = {
      // Of a pool below ten, less than one for some kinds: then none, or too little would be left for anyone to share.
      kept: Math.floor(poolMax * kept),
      heldMax: Math.max(1, Math.round(poolMax * most)),
      waitingMax: Math.ceil(waitersMax * waiters),
      held: 0,
      waiting: new Set(),
    };
    return [kind, compartment];
  });
  return Object.fromEntries(compartments) as Record<PooledKind, Compartment>;
}

/** Connections that are kept for the other kinds and not in their hands at this moment. */
function keptForOthers(compartments: Compartments, own: Compartment): number {
  let count = 0;
  for (const kind of pooledKinds) {
    const other = compartments[kind];
    if (other !== own && other.held < other.kept) count += other.kept - other.held;
  }
  return count;
}

export function createBulkheads({ poolMax, waitersMax, waitMs, shares, onRefused }: BulkheadOptions): Bulkheads {
  const compartments = createCompartments({ poolMax, waitersMax, shares });
  let heldInAll = 0;

  function hasRoom(compartment: Compartment): boolean {
    if (compartment.held >= compartment.heldMax) return false;
    return heldInAll + (compartment.held < compartment.kept ? 0 : keptForOthers(compartments, compartment)) < poolMax;
  }

  function take(compartment: Compartment): void {
    compartment.held += 1;
    heldInAll += 1;
  }

  function refuse(kind: PooledKind): AppError {
    onRefused?.(kind);
    return new AppError('server.busy', { retryAfterSeconds: 1 });
  }

  function wait(kind: PooledKind, compartment: Compartment): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const admit = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      compartment.waiting.delete(admit);
      reject(refuse(kind));
    }, waitMs);
    compartment.waiting.add(admit);
    return promise;
  }

  /** First come, first served within a kind; a kind that cannot enter does not hold up the next. */
  function admitWaiters(): void {
    for (const kind of pooledKinds) {
      const compartment = compartments[kind];
      for (const admit of compartment.waiting) {
        if (!hasRoom(compartment)) break;
        compartment.waiting.delete(admit);
        take(compartment);
        admit();
      }
    }
  }

  return {
    enter(kind) {
      const compartment = compartments[kind];
      if (compartment.waiting.size === 0 && hasRoom(compartment)) {
        take(compartment);
        return undefined;
      }
      if (compartment.waiting.size >= compartment.waitingMax) throw refuse(kind);
      return wait(kind, compartment);
    },
    leave(kind) {
      compartments[kind].held -= 1;
      heldInAll -= 1;
      admitWaiters();
    },
    states: () =>
      pooledKinds.map((kind) => {
        const { held, heldMax, waiting, waitingMax } = compartments[kind];
        return { kind, held, heldMax, waiting: waiting.size, waitingMax };
      }),
  };
}
