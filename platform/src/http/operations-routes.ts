/** Metrics for Prometheus. Personal data never reaches a label. */
import { z } from 'zod';
import type { Metrics } from '../telemetry/metrics.ts';
import { defineRoute, type Route } from './route.ts';

const asText = (payload: unknown): string => String(payload);

export function createMetricsRoute({ metrics }: { readonly metrics: Metrics }): Route {
  return defineRoute({
    method: 'GET',
    url: '/metrics',
    operationId: 'getMetrics',
    summary: 'Metrics in the Prometheus text format',
    tags: ['operations'],
    access: 'operations',
    rateLimit: 'operations',
    statementsMax: 0,
    degradation: 'full',
    schema: { response: { 200: z.string() } },
    handler: async (_request, reply) =>
      reply
        .type(metrics.contentType)
        .serializer(asText)
        .send(await metrics.scrape()),
  });
}
