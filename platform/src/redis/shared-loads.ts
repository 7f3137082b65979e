/** One load per key at a time, whoever asks. What was dropped while it ran is given to those who wait for it and kept nowhere. */

export interface SharedLoads {
  /** Joins the load under way, or begins one; `isDoomed` tells it that its key was dropped meanwhile. */
  run(id: string, load: (isDoomed: () => boolean) => Promise<string>): Promise<string>;
  /** Nobody joins the load under way any longer. */
  doom(id: string): void;
}

interface Load {
  readonly result: Promise<string>;
  doomed: boolean;
}

export function createSharedLoads(): SharedLoads {
  /** Bounded by what is being loaded. */
  const loads = new Map<string, Load>();
  return {
    run(id, load) {
      const running = loads.get(id);
      if (running !== undefined) return running.result;
      const entry: Load = {
        doomed: false,
        result: load(() => entry.doomed).finally(() => {
          if (loads.get(id) === entry) loads.delete(id);
        }),
      };
      loads.set(id, entry);
      return entry.result;
    },
    doom(id) {
      const running = loads.get(id);
      if (running === undefined) return;
      running.doomed = true;
      loads.delete(id);
    },
  };
}
