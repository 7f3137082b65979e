/** What the server notes about a request from its first hook to its last log line. */
import { type Context, context, type Span } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import type { ErrorCode } from '../../errors.ts';
import type { Caller } from '../../limits/turns.ts';
import { enterRequest, type RequestContext, runInRequest } from '../../telemetry/request-context.ts';

export interface RequestTrail extends RequestContext {
  /** Route pattern, never the path: labels stay bounded. */
  readonly route: string;
  readonly startedAt: number;
  /** Budget of the route. */
  readonly statementsMax: number;
  /** Whose limits and turns it counts for; set by the guard. */
  caller?: Caller;
  /** Counted and logged: once, however the request ended. */
  finished: boolean;
  errorCode?: ErrorCode;
  span?: Span;
  /** The trace context that holds the span. */
  otel?: Context;
}

declare module 'fastify' {
  interface FastifyRequest {
    trail: RequestTrail | null;
  }
}

const traceParent = /^00-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

export function startTrail(request: FastifyRequest, route: string, statementsMax: number): RequestTrail {
  const requestId = request.id;
  const trail: RequestTrail = { requestId, route, statementsMax, startedAt: performance.now(), statements: 0, finished: false };
  const parent = request.headers['traceparent'];
  const traceId = typeof parent === 'string' ? traceParent.exec(parent)?.[1] : undefined;
  if (traceId !== undefined) trail.traceId = traceId;
  else if (requestId.length === 32) trail.traceId = requestId;
  request.trail = trail;
  enterRequest(trail);
  return trail;
}

/** Runs work so that its log lines, statements and spans belong to the request, also where its body came in later calls. */
export function runInTrail<T>(request: FastifyRequest, work: () => T): T {
  const { trail } = request;
  if (trail === null) return work();
  const { otel } = trail;
  return runInRequest(trail, otel === undefined ? work : () => context.with(otel, work));
}
