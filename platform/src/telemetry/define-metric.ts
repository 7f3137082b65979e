interface MetricDefinition {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly unit: 'seconds' | 'bytes' | 'count';
  /** Label name → where its values come from; each source is bounded. */
  readonly labels: Readonly<Record<string, string>>;
  readonly buckets?: readonly number[];
}

/** Declares a metric. */
export function defineMetric<const D extends MetricDefinition>(definition: D): D {
  return definition;
}
