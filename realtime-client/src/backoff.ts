/**
 * How long to wait before the next attempt: any time up to a bound that doubles from one second to thirty. By chance over the whole of it, so
 * that those who lost the same server do not come back together.
 */
const baseMs = 1000;
const capMs = 30_000;

/** `attempt` counts from 0. */
export function reconnectDelayMs(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 10)));
}
