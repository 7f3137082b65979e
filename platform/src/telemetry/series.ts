/**
 * Counters and histograms that are written far more often than read. prom-client checks, sorts and joins the labels at each
 * write, which costs more than the rest of a small request's bookkeeping; here a write walks one map per label. The page is
 * still prom-client's: its registry asks `get`.
 */
import type { Metric, Registry } from 'prom-client';

export type LabelValues<Label extends string> = Readonly<Record<Label, string>>;

export interface SeriesCounter<Label extends string> {
  inc(labels?: LabelValues<Label>, by?: number): void;
}

export interface SeriesHistogram<Label extends string> {
  observe(labels: LabelValues<Label>, value: number): void;
}

export interface SeriesDeclaration {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

type Branch<T> = Map<string, Branch<T> | T>;

/** One T per combination of label values, in the order of their first use. */
function createSeries<T>(labelNames: readonly string[], create: () => T) {
  const all: { readonly labels: Readonly<Record<string, string>>; readonly series: T }[] = [];
  const root: Branch<T> = new Map();
  const depth = labelNames.length;

  function add(branch: Branch<T>, value: string, isLast: boolean, labels: Readonly<Record<string, string>>): Branch<T> | T {
    const series = isLast ? create() : new Map<string, Branch<T> | T>();
    if (isLast) all.push({ labels: Object.fromEntries(labelNames.map((name) => [name, labels[name] ?? ''])), series: series as T });
    branch.set(value, series);
    return series;
  }

  function find(labels: Readonly<Record<string, string>>): T {
    let found: Branch<T> | T = root;
    for (let index = 0; index < depth; index += 1) {
      const value = labels[labelNames[index] as string] ?? '';
      const branch = found as Branch<T>;
      found = branch.get(value) ?? add(branch, value, index === depth - 1, labels);
    }
    return found as T;
  }

  return { all, find };
}

function register(registry: Registry, declaration: SeriesDeclaration, type: 'counter' | 'histogram', samples: () => Sample[]): void {
  const { name, help } = declaration;
  const metric = { name, help, type, aggregator: 'sum', get: async () => ({ name, help, type, aggregator: 'sum', values: samples() }) };
  registry.registerMetric(metric as unknown as Metric);
}

interface Total {
  value: number;
}

/** A counter without labels is on the page from the start, at 0; one with labels when a combination was first counted. */
export function createCounter(registry: Registry, declaration: SeriesDeclaration): SeriesCounter<string> {
  const unlabelled: Total = { value: 0 };
  const hasLabels = declaration.labelNames.length > 0;
  const { all, find } = createSeries<Total>(declaration.labelNames, () => ({ value: 0 }));
  register(registry, declaration, 'counter', () =>
    hasLabels ? all.map(({ labels, series }) => ({ labels, value: series.value })) : [{ labels: {}, value: unlabelled.value }],
  );
  return {
    inc: (labels, by = 1) => {
      const total = hasLabels ? find(labels ?? {}) : unlabelled;
      total.value += by;
    },
  };
}

interface Distribution {
  /** Values per bucket, not cumulated; the last is above all bounds. */
  readonly counts: Float64Array;
  sum: number;
}

/** `buckets` are upper bounds, ascending; at least one label. A value that is not a number is left out. */
export function createHistogram(
  registry: Registry,
  declaration: SeriesDeclaration & { readonly buckets: readonly number[] },
): SeriesHistogram<string> {
  const { name, buckets, labelNames } = declaration;
  if (labelNames.length === 0) throw new Error(`histogram ${name} has no label: give it one in the metric catalogue`);
  const { all, find } = createSeries<Distribution>(labelNames, () => ({ counts: new Float64Array(buckets.length + 1), sum: 0 }));
  register(registry, declaration, 'histogram', () => all.flatMap(({ labels, series }) => samplesOf(name, buckets, labels, series)));
  return {
    observe: (labels, value) => {
      if (!Number.isFinite(value)) return;
      const distribution = find(labels);
      let bucket = 0;
      while (bucket < buckets.length && value > (buckets[bucket] as number)) bucket += 1;
      distribution.counts[bucket] = (distribution.counts[bucket] as number) + 1;
      distribution.sum += value;
    },
  };
}

function samplesOf(
  name: string,
  buckets: readonly number[],
  labels: Readonly<Record<string, string>>,
  { counts, sum }: Distribution,
): Sample[] {
  let count = 0;
  const cumulated = [...buckets, '+Inf'].map((le, index): Sample => {
    count += counts[index] as number;
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
  });
  return [...cumulated, { metricName: `${name}_sum`, labels, value: sum }, { metricName: `${name}_count`, labels, value: count }];
}
