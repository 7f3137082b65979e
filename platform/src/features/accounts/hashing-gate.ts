/**
 * Lets a few password hashes run at a time and a bounded number wait. Hashing is made to be slow: without a gate a login
 * storm would take every core and every thread of the pool from all other requests.
 */
import { AppError } from '../../errors.ts';

/** Longest wait in the queue; more work than that is turned away. */
const queueMsMax = 2000;
const firstGuessMs = 50;
/** Weight of the newest measurement in the running mean. */
const newestWeight = 0.1;

export interface HashingGateOptions {
  /** Hashes that run at the same time. */
  readonly concurrency: number;
  /** Milliseconds that never go back. */
  readonly now?: () => number;
}

export interface HashingGate {
  /** Runs `work` when it is its turn. Throws `auth.busy` at once when the queue is full. */
  run<T>(work: () => Promise<T>): Promise<T>;
  waiting(): number;
}

export function createHashingGate({ concurrency, now = () => performance.now() }: HashingGateOptions): HashingGate {
  const queue: (() => void)[] = [];
  let running = 0;
  let meanMs = firstGuessMs;

  async function enter(): Promise<void> {
    if (running < concurrency) {
      running += 1;
      return;
    }
    const waitersMax = Math.max(1, Math.floor((queueMsMax / meanMs) * concurrency));
    if (queue.length >= waitersMax) throw new AppError('auth.busy', { retryAfterSeconds: Math.ceil(queueMsMax / 1000) });
    await new Promise<void>((resolve) => queue.push(resolve));
  }

  function leave(): void {
    const next = queue.shift();
    if (next === undefined) running -= 1;
    else next(); // The place passes on: `running` stays.
  }

  return {
    async run(work) {
      await enter();
      const started = now();
      try {
        return await work();
      } finally {
        meanMs += (now() - started - meanMs) * newestWeight;
        leave();
      }
    },
    waiting: () => queue.length,
  };
}
