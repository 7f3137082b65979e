/**
 * Whether `work` settles before a timer of `limitMs` that starts with it. For work that a timer of this process bounds:
 * timers of one process run in the order in which they are due, so that a neighbour who takes the machine for a while
 * makes both late and changes nothing. Work that waits for another process has no such bound: wait for its condition.
 */
export async function settlesWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), limitMs);
  work.then(
    () => resolve(true),
    () => resolve(true),
  );
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
