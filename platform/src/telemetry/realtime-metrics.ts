/** Metrics of what happens live: streams and how instances hear of them. */
import { defineMetric } from './define-metric.ts';

export const realtimeMetrics = {
  streamsPublished: defineMetric({
    name: 'sanctum_streams_published_total',
    type: 'counter',
    unit: 'count',
    help: 'Events sent to the other instances: over the store, by a wake-up through PostgreSQL, or by a wake-up because the store failed.',
    labels: { outcome: 'store | wake-up | store-failed' },
  }),
} as const;
