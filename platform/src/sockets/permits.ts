/** Lets so many pieces of work go on at once; the others wait for their turn, in order. */
export function createPermits(max: number) {
  let held = 0;
  // Bounded by whoever asks: each connection may wait for so many answers.
  const waiting: (() => void)[] = [];

  async function take(): Promise<void> {
    if (held < max) {
      held += 1;
      return;
    }
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  }

  function give(): void {
    const next = waiting.shift();
    if (next === undefined) held -= 1;
    else next();
  }

  return async <T>(work: () => Promise<T>): Promise<T> => {
    await take();
    try {
      return await work();
    } finally {
      give();
    }
  };
}
