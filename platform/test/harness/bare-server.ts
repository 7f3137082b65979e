/** The HTTP layer alone: real server, real hooks, routes given by the test, no database. */
import type { FastifyInstance } from 'fastify';
import type { Credentials } from '../../src/api/credentials.ts';
import { createPlatformTurns } from '../../src/limits/turns.ts';
import { createPlatformRateLimiter } from '../../src/limits/rate-limiter.ts';
import type { Reader } from '../../src/api/reader.ts';
import { registerCors } from '../../src/http/server/cors.ts';
import { registerEntrance } from '../../src/http/server/entrance.ts';
import { createHostGuard } from '../../src/http/server/hosts.ts';
import type { OverloadReason } from '../../src/http/server/load-shedding.ts';
import { createAllowedMethods } from '../../src/http/server/paths.ts';
import { createRefusals } from '../../src/http/server/refusals.ts';
import type { Idempotency } from '../../src/http/routes/idempotency.ts';
import { registerRoutes } from '../../src/http/routes/register-routes.ts';
import { registerLifecycle } from '../../src/http/server/request-lifecycle.ts';
import type { Route } from '../../src/http/routes/route.ts';
import { createSecurityHeaders } from '../../src/http/server/security-headers.ts';
import { createServer } from '../../src/http/server/server.ts';
import { registerStaticFiles } from '../../src/http/web/static-files.ts';
import { registerWebApp } from '../../src/http/web/web-app.ts';
import { createInProcessStore } from '../../src/redis/in-process-store.ts';
import { createLogger } from '../../src/telemetry/logging.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts';
import type { Config } from '../../src/config/config.ts';
import { testConfig } from './test-config.ts';

export interface BareServer {
  readonly app: FastifyInstance;
  readonly metrics: Metrics;
  readonly logs: readonly Record<string, unknown>[];
  readonly overBudget: readonly string[];
  /** Opens a real port; the port's number. */
  listen(): Promise<number>;
}

export interface BareServerOptions {
  readonly config?: Partial<Config>;
  readonly authenticate?: (credentials: Credentials) => Promise<Reader | null>;
  readonly idempotency?: Idempotency;
  readonly overload?: () => OverloadReason | undefined;
  readonly webFolder?: string;
  readonly logLevel?: string;
  readonly requestsPerConnectionMax?: number;
}

export async function createBareServer(routes: readonly Route[], options: BareServerOptions = {}): Promise<BareServer> {
  const config: Config = { ...testConfig(), ...options.config };
  const logs: Record<string, unknown>[] = [];
  const overBudget: string[] = [];
  const logger = createLogger({
    level: options.logLevel ?? 'info',
    destination: { write: (line: string) => logs.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const metrics = createMetrics();
  const headers = createSecurityHeaders({ https: config.profile !== 'development' });
  const refusals = createRefusals({ headers: headers.api, methodsOf: createAllowedMethods(routes), logger, metrics });
  const app = createServer({
    config,
    logger,
    refusals,
    ...(options.requestsPerConnectionMax === undefined ? {} : { requestsPerConnectionMax: options.requestsPerConnectionMax }),
  });
  const lifecycle = registerLifecycle(app, {
    logger,
    metrics,
    headers: headers.api,
    tracing: config.otelEndpoint !== undefined,
    onBudgetExceeded: (route, statements, statementsMax) => overBudget.push(`${route} ${statements}/${statementsMax}`),
  });
  registerEntrance(app, { refusals, hosts: createHostGuard(config), lifecycle });
  await registerCors(app, { allowedOrigins: config.allowedOrigins });
  await registerStaticFiles(app);
  registerRoutes(app, routes, {
    limiter: createPlatformRateLimiter({ store: createInProcessStore(), factor: config.rateLimitFactor }),
    authenticate: options.authenticate ?? (async () => null),
    refuseCrossSite: () => {},
    overload: options.overload ?? (() => undefined),
    onShed: (reason) => metrics.requestsShed.inc({ reason }),
    onLimited: (limit) => metrics.requestsLimited.inc({ limit }),
    handlerTimeoutMs: config.handlerTimeoutMs,
    turns: createPlatformTurns({ factor: config.rateLimitFactor }),
    idempotency: options.idempotency ?? { run: () => Promise.reject(new Error('the bare server has no database')) },
    onStart: lifecycle.onStart,
  });
  registerWebApp(app, { folder: options.webFolder ?? '/nonexistent/web', headers, lifecycle });
  return {
    app,
    metrics,
    logs,
    overBudget,
    listen: async () => {
      await app.listen({ host: '127.0.0.1', port: 0 });
      const address = app.server.address();
      if (address === null || typeof address === 'string') throw new Error('the test server has no port');
      return address.port;
    },
  };
}
