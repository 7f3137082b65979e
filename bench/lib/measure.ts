/** A budget of DESIGN §8 and what was seen of it. */
import { median, medianInterval } from './statistics.ts';

export interface Budget {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly must: number;
  readonly aim: number;
  /** Whether a larger or a smaller figure is better. */
  readonly better: 'more' | 'less';
}

export interface Measure extends Budget {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly samples: number;
  /** met: the whole interval is inside; missed: the whole interval is outside; noisy: it straddles the bound. */
  readonly outcome: 'met' | 'missed' | 'noisy';
  readonly note: string;
}

export function measured(budget: Budget, samples: readonly number[], note = ''): Measure {
  const { low, high } = medianInterval(samples);
  const inside = (value: number) => (budget.better === 'more' ? value >= budget.must : value <= budget.must);
  const outcome = inside(low) && inside(high) ? 'met' : inside(low) || inside(high) ? 'noisy' : 'missed';
  return { ...budget, value: median(samples), low, high, samples: samples.length, outcome, note };
}

export interface SuiteOptions {
  /** How many times each comparison is repeated; 12 for figures to quote, fewer for a first look. */
  readonly pairs: number;
  readonly log: (line: string) => void;
}

export interface Suite {
  readonly name: string;
  readonly run: (options: SuiteOptions) => Promise<Measure[]>;
}
