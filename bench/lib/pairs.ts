/** Two programs measured side by side in ABBA order, so that drift of the machine falls on both alike. */

export interface PairsOptions {
  readonly pairs: number;
  /** One block each; returns work done per processor second (or any rate). */
  readonly subject: () => Promise<number>;
  readonly baseline: () => Promise<number>;
}

/** Ratios subject ÷ baseline, one a pair. */
export async function ratios(options: PairsOptions): Promise<number[]> {
  const found: number[] = [];
  for (let pair = 0; pair < options.pairs; pair += 1) {
    if (pair % 2 === 0) {
      const subject = await options.subject();
      found.push(subject / (await options.baseline()));
    } else {
      const baseline = await options.baseline();
      found.push((await options.subject()) / baseline);
    }
  }
  return found;
}
