/**
 * Keeps back the answer to a request that came beyond its limit. Who sends again as soon as an answer is there would
 * otherwise be refused thousands of times a second, and every refusal takes processor time from others. A held answer
 * costs a timer and its connection; only so many are held, and beyond those a refusal is sent at once.
 */
import { setTimeout as wait } from 'node:timers/promises';

export interface HeldRefusals {
  /** Resolves when the answer may go; undefined when it may go now. */
  hold(): Promise<void> | undefined;
  /** Lets every held answer go: nobody waits for the end of a shutdown. */
  release(): void;
}

export interface HeldRefusalsOptions {
  readonly holdMs?: number;
  readonly heldMax?: number;
}

const holdMsDefault = 250;
const heldMaxDefault = 1000;

export function createHeldRefusals({ holdMs = holdMsDefault, heldMax = heldMaxDefault }: HeldRefusalsOptions = {}): HeldRefusals {
  const end = new AbortController();
  let held = 0;
  return {
    hold() {
      if (held >= heldMax || end.signal.aborted) return undefined;
      held += 1;
      return wait(holdMs, undefined, { signal: end.signal })
        .catch(() => undefined) // Released: the answer goes now.
        .finally(() => {
          held -= 1;
        });
    },
    release: () => end.abort(),
  };
}
