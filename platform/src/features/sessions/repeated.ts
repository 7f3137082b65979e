/** Work that is done over and over with a pause between, never twice at once, however often it fails. */

export interface RepeatedDependencies {
  readonly work: () => Promise<void>;
  readonly everyMs: number;
  /** It failed, the first time of a row. */
  readonly onError: (error: unknown) => void;
}

export interface Repeated {
  /** Resolves after the first time, failed or not. */
  start(): Promise<void>;
  /** Resolves when nothing is at work any longer. */
  stop(): Promise<void>;
}

export function createRepeated({ work, everyMs, onError }: RepeatedDependencies): Repeated {
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  let running = false;
  let failing = false;

  async function turn(): Promise<void> {
    try {
      await work();
      failing = false;
    } catch (error) {
      if (!failing) onError(error);
      failing = true;
    }
    if (!running) return;
    timer = setTimeout(() => {
      working = turn();
    }, everyMs);
    timer.unref();
  }

  return {
    async start() {
      if (running) return;
      running = true;
      working = turn();
      await working;
    },
    async stop() {
      running = false;
      clearTimeout(timer);
      await working;
    },
  };
}
