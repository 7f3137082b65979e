/** The two ends of a request: what its answer carries from the start, and what is counted and logged at the end. */
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createAccessLog, type Logger } from '../../telemetry/logging.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { RequestTrail } from './request-trail.ts';
import type { HeaderSet } from './security-headers.ts';
import { createStandingHeader, createStandingHeaders } from './standing-headers.ts';

export interface LifecycleDependencies {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly headers: HeaderSet;
  readonly tracing: boolean;
  /** A request ran more SQL statements than its route declares. Tests throw here. */
  readonly onBudgetExceeded: (route: string, statements: number, statementsMax: number) => void;
}

/** What access logs write for a client that left before its answer; nginx's number. */
const clientClosedRequest = 499;
const statusClasses = ['', '1xx', '2xx', '3xx', '4xx', '5xx'] as const;

const asked: unique symbol = Symbol('the request that is answered');
type ResponseOfRequest = FastifyReply['raw'] & { [asked]?: FastifyRequest };

export interface Lifecycle {
  /** Call first, in the onRequest hook of every route. */
  readonly onStart: (request: FastifyRequest, reply: FastifyReply) => void;
}

export function registerLifecycle(app: FastifyInstance, deps: LifecycleDependencies): Lifecycle {
  const { logger, metrics } = deps;
  const accessLog = createAccessLog(logger);
  const giveHeaders = createStandingHeaders(deps.headers);
  const giveRequestId = createStandingHeader('x-request-id');
  let inFlight = 0;
  metrics.onScrape(() => metrics.requestsInFlight.set(inFlight));
  const tracer = trace.getTracer('sanctum.http');

  app.addHook('onResponse', (request, reply, done) => {
    const { trail } = request;
    if (trail !== null) finish(request, trail, reply.statusCode);
    done();
  });

  function finish(request: FastifyRequest, trail: RequestTrail, status: number): void {
    if (trail.finished) return;
    trail.finished = true;
    const latencyMs = performance.now() - trail.startedAt;
    inFlight -= 1;
    metrics.requestDuration.observe(
      { route: trail.route, method: request.method, status: statusClasses[Math.floor(status / 100)] ?? '5xx' },
      latencyMs / 1000,
    );
    if (trail.errorCode !== undefined) metrics.requestErrors.inc({ route: trail.route, code: trail.errorCode });
    if (trail.span !== undefined) endSpan(trail.span, status);
    if (trail.statements > trail.statementsMax) {
      metrics.statementBudgetExceeded.inc({ route: trail.route });
      logger.warn(
        { request_id: trail.requestId, route: trail.route, statements: trail.statements, statements_max: trail.statementsMax },
        'statement budget exceeded',
      );
      deps.onBudgetExceeded(trail.route, trail.statements, trail.statementsMax);
    }
    const line = {
      request_id: trail.requestId,
      trace_id: trail.traceId,
      user_id: trail.userId,
      method: request.method,
      route: trail.route,
      status,
      latency_ms: Math.round(latencyMs * 100) / 100,
      statements: trail.statements,
      code: trail.errorCode,
    };
    if (status >= 500 && trail.errorCode !== 'server.busy') accessLog('warn', line, 'request failed');
    else accessLog('info', line, 'request');
  }

  /** A client that leaves gets no response, and Fastify no hook; after a whole response this finds the trail finished. */
  function onClose(this: ResponseOfRequest): void {
    const request = this[asked];
    if (request === undefined || request.trail === null || request.trail.finished) return;
    request.trail.clientGone = true;
    finish(request, request.trail, clientClosedRequest);
  }

  return {
    onStart: (request, reply) => {
      inFlight += 1;
      giveHeaders(reply);
      giveRequestId(reply, request.id);
      const response: ResponseOfRequest = reply.raw;
      response[asked] = request;
      response.on('close', onClose);
      if (deps.tracing && request.trail !== null) startSpan(tracer, request, request.trail);
    },
  };
}

function startSpan(tracer: ReturnType<typeof trace.getTracer>, request: FastifyRequest, trail: RequestTrail): void {
  const parent = propagation.extract(context.active(), request.headers);
  const span = tracer.startSpan(
    `${request.method} ${trail.route}`,
    {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': request.method, 'http.route': trail.route, 'sanctum.request_id': trail.requestId },
    },
    parent,
  );
  trail.span = span;
  trail.otel = trace.setSpan(parent, span);
  trail.traceId = span.spanContext().traceId;
}

function endSpan(span: Span, status: number): void {
  span.setAttribute('http.response.status_code', status);
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
