/** The metric catalogue as live metrics in a registry of their own. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type MetricKey, metricCatalogue } from './metric-catalogue.ts';
import { createCounter, createHistogram, type SeriesCounter, type SeriesHistogram } from './series.ts';

type Catalogue = typeof metricCatalogue;
type Labels<K extends MetricKey> = keyof Catalogue[K]['labels'] & string;

/** Without `collect` the callbacks below never look at anything that is gone. */
type LiveMetric<K extends MetricKey> = Catalogue[K]['type'] extends 'counter'
  ? SeriesCounter<Labels<K>>
  : Catalogue[K]['type'] extends 'gauge'
    ? Gauge<Labels<K>>
    : SeriesHistogram<Labels<K>>;

export type Metrics = { readonly [K in MetricKey]: LiveMetric<K> } & {
  /** Runs before every scrape: the place to set gauges. */
  onScrape(collect: () => void): void;
  /** The page in the Prometheus text format. */
  scrape(): Promise<string>;
  readonly contentType: string;
};

const scrapeCallbacksMax = 32;

/** Creates every metric of the catalogue. `processMetrics` adds memory, CPU and garbage collection of the process. */
export function createMetrics(options: { readonly processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.processMetrics === true) collectDefaultMetrics({ register: registry });
  const live: Record<string, SeriesCounter<string> | Gauge | SeriesHistogram<string>> = {};
  for (const [key, definition] of Object.entries(metricCatalogue)) {
    const common = { name: definition.name, help: definition.help, labelNames: Object.keys(definition.labels) };
    if (definition.type === 'counter') live[key] = createCounter(registry, common);
    else if (definition.type === 'gauge') live[key] = new Gauge({ ...common, registers: [registry] });
    else live[key] = createHistogram(registry, { ...common, buckets: definition.buckets });
  }
  const callbacks: (() => void)[] = [];
  return {
    ...(live as unknown as { [K in MetricKey]: LiveMetric<K> }),
    onScrape: (collect) => {
      if (callbacks.length >= scrapeCallbacksMax)
        throw new Error(`more than ${scrapeCallbacksMax} scrape callbacks: one of them is added again and again`);
      callbacks.push(collect);
    },
    scrape: () => {
      for (const collect of callbacks) collect();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
