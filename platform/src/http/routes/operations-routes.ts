/** Metrics for Prometheus. Personal data never reaches a label. */
import { z } from 'zod';
import type { Metrics } from '../../telemetry/metrics.ts';
import { AppError } from '../../errors.ts';
import type { OperationsAccess } from './operations-access.ts';
import { defineRoute, type Route } from './route.ts';

const asText = (payload: unknown): string => String(payload);

export function createMetricsRoute({ metrics, mayLook }: { readonly metrics: Metrics; readonly mayLook: OperationsAccess }): Route {
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
    errors: ['operations.token_required'],
    schema: { response: { 200: z.string() } },
    handler: async (request, reply) => {
      if (!mayLook(request.raw)) throw new AppError('operations.token_required');
      return reply
        .type(metrics.contentType)
        .serializer(asText)
        .send(await metrics.scrape());
    },
  });
}
