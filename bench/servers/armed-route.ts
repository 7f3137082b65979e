/**
 * P2: a route that does nothing behind everything that a real one has: request id, token, revocation, rate limit,
 * schema, statement budget, headers, histogram, access log. DATABASE_URL and ACCESS_USER tell it what to use.
 */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { openSync } from 'node:fs';
import { z } from 'zod';
import { createDatabase } from '../../platform/src/db/database.ts';
import { createAccessTokens } from '../../platform/src/features/sessions/access-tokens.ts';
import { createAuthenticate } from '../../platform/src/features/sessions/authenticate.ts';
import { createRefusedCredentials } from '../../platform/src/features/sessions/refused-credentials.ts';
import { createRevocations } from '../../platform/src/features/sessions/revocations.ts';
import { createCredentialCookies } from '../../platform/src/http/routes/credential-cookies.ts';
import { registerEntrance } from '../../platform/src/http/server/entrance.ts';
import { createHostGuard } from '../../platform/src/http/server/hosts.ts';
import { createAllowedMethods } from '../../platform/src/http/server/paths.ts';
import { createRateLimiter } from '../../platform/src/limits/rate-limiter.ts';
import { createPlatformTurns } from '../../platform/src/limits/turns.ts';
import { rateLimits, scaledLimits } from '../../platform/src/limits/rate-limits.ts';
import { createRefusals } from '../../platform/src/http/server/refusals.ts';
import { registerRoutes } from '../../platform/src/http/routes/register-routes.ts';
import { registerLifecycle } from '../../platform/src/http/server/request-lifecycle.ts';
import { defineRoute } from '../../platform/src/http/routes/route.ts';
import { createSecurityHeaders } from '../../platform/src/http/server/security-headers.ts';
import { createServer } from '../../platform/src/http/server/server.ts';
import { createInProcessStore } from '../../platform/src/redis/in-process-store.ts';
import { openLogFile } from '../../platform/src/telemetry/log-file.ts';
import { createLogger } from '../../platform/src/telemetry/logging.ts';
import { createMetrics } from '../../platform/src/telemetry/metrics.ts';

const rateLimitFactor = 1_000_000;

const db = createDatabase({
  url: process.env['DATABASE_URL'] ?? '',
  poolMax: 2,
  waitersMax: 10,
  connectTimeoutMs: 5000,
  statementTimeoutMs: 5000,
  lockTimeoutMs: 5000,
  applicationName: 'sanctum-bench',
});
const metrics = createMetrics();
const logFile = openSync('/dev/null', 'w');
const logger = createLogger({ level: 'info', destination: openLogFile(logFile) });
const accessTokens = createAccessTokens({ key: Buffer.alloc(32, 7), lifetimeSeconds: 600 });
const revocations = createRevocations({ db, accessLifetimeSeconds: 600, onError: (error) => console.error(error) });
const cookies = createCredentialCookies({ secure: true });
const limiter = createRateLimiter({ store: createInProcessStore(), limits: scaledLimits(rateLimits, rateLimitFactor) });
const noOp = defineRoute({
  method: 'GET',
  url: '/api/no-op',
  operationId: 'noOp',
  summary: 'Nothing',
  tags: [],
  access: 'user',
  rateLimit: 'read',
  statementsMax: 1,
  degradation: 'full',
  schema: { response: { 200: z.object({ ok: z.boolean() }) } },
  handler: async () => ({ ok: true }),
});

const headers = createSecurityHeaders({ https: true }).api;
const refusals = createRefusals({ headers, methodsOf: createAllowedMethods([noOp]), logger, metrics });
const app = createServer({
  refusals,
  config: { bodyLimitBytes: 65_536, requestTimeoutMs: 30_000, headersTimeoutMs: 10_000, keepAliveTimeoutMs: 72_000, trustProxy: [] },
  logger,
});
const lifecycle = registerLifecycle(app, {
  logger,
  metrics,
  headers,
  tracing: false,
  onBudgetExceeded: () => {},
});
registerEntrance(app, { refusals, hosts: createHostGuard({ publicOrigin: undefined, allowedHosts: [] }), lifecycle });
registerRoutes(app, [noOp], {
  limiter,
  authenticate: createAuthenticate({ accessTokens, revocations, refusals: createRefusedCredentials({ points: limiter }), cookies }),
  refuseCrossSite: () => {},
  overload: () => undefined,
  onShed: () => {},
  onLimited: () => {},
  handlerTimeoutMs: 10_000,
  turns: createPlatformTurns({ factor: rateLimitFactor }),
  idempotency: { run: () => Promise.reject(new Error('the armed route creates nothing')) },
  onStart: lifecycle.onStart,
});
await revocations.start();
await app.listen({ host: '127.0.0.1', port: 0 });
const { token } = await accessTokens.issue({ userId: '1', sessionId: randomUUID(), role: 'user' });
console.log(`token ${token}`);
console.log(`ready ${(app.server.address() as AddressInfo).port}`);
process.on('SIGTERM', () => process.exit(0));
