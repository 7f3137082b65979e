/** Limits count in windows of the clock: a test that fills one begins when enough of it is left. */
import { setTimeout as wait } from 'node:timers/promises';

const neededMsDefault = 15_000;

/** Milliseconds to wait at `nowMs` until a window has `neededMs` left: zero, or until the next one begins. */
export function msUntilRoom(windowSeconds: number, neededMs: number, nowMs: number): number {
  const windowMs = windowSeconds * 1000;
  const leftMs = windowMs - (nowMs % windowMs);
  return leftMs >= neededMs ? 0 : leftMs;
}

export async function roomInWindow({ windowSeconds }: { readonly windowSeconds: number }, neededMs = neededMsDefault): Promise<void> {
  await wait(msUntilRoom(windowSeconds, neededMs, Date.now()));
}
