/** Lets exactly the configured origins call the API with credentials. Without any, no CORS code runs at all. */
import type { FastifyInstance } from 'fastify';

export interface CorsOptions {
  readonly allowedOrigins: readonly string[];
}

const preflightSeconds = 600;

export async function registerCors(app: FastifyInstance, { allowedOrigins }: CorsOptions): Promise<void> {
  if (allowedOrigins.length === 0) return;
  const { default: cors } = await import('@fastify/cors');
  const anyone = allowedOrigins.includes('*');
  await app.register(cors, {
    // "*" is refused outside development, and never goes together with credentials.
    origin: anyone ? '*' : [...allowedOrigins],
    credentials: !anyone,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-request-id', 'traceparent'],
    exposedHeaders: ['x-request-id', 'retry-after', 'ratelimit-limit', 'ratelimit-remaining', 'idempotency-replayed'],
    maxAge: preflightSeconds,
    strictPreflight: false,
  });
}
