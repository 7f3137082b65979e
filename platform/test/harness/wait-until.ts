/** Waits for a condition, with a limit. */
import { setTimeout as wait } from 'node:timers/promises';
import { conditionLimitMs } from './hang-limits.ts';

const pollMs = 10;

/** Throws when the condition does not hold within `limitMs`; `what` says what was waited for. */
export async function waitUntil(what: string, condition: () => boolean | Promise<boolean>, limitMs = conditionLimitMs): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
    await wait(pollMs);
  }
}
