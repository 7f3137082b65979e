/**
 * Keeps back the answer to a request that came beyond its limit. Who sends again as soon as an answer is there would
 * otherwise be refused thousands of times a second, and every refusal takes processor time from others. A held answer
 * costs a timer and its connection; only so many are held, and beyond those a refusal is sent at once.
 */
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
  const held = new Set<() => void>();
  let ended = false;
  return {
    hold() {
      if (held.size >= heldMax || ended) return undefined;
      return new Promise((resolve) => {
        const letGo = () => {
          clearTimeout(timer);
          held.delete(letGo);
          resolve();
        };
        const timer = setTimeout(letGo, holdMs);
        held.add(letGo);
      });
    },
    release() {
      ended = true;
      for (const letGo of held) letGo();
    },
  };
}
