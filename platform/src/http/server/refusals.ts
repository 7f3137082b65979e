/**
 * Answers to what never reaches a route: the parser, Node or the framework refuses it, and no hook of a route runs. They
 * have the same shape, headers, count and line as every other error.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError, type ErrorCode, toProblem } from '../../errors.ts';
import { createAccessLog, type Logger } from '../../telemetry/logging.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { STATUS_CODES as reasons } from './node-http.ts';
import { type AllowedMethods, pathOfTarget } from './paths.ts';
import type { RequestIds } from './request-ids.ts';
import type { HeaderSet } from './security-headers.ts';

export interface RefusalDependencies {
  readonly headers: HeaderSet;
  readonly methodsOf: AllowedMethods;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'requestErrors'>;
}

export interface Refusals {
  /** Counts and logs an answer that is written elsewhere. */
  record(error: AppError, requestId: string): void;
  /** Writes the answer to bytes that never became a request, and closes. */
  toSocket(socket: Duplex, error: AppError, requestId: string): void;
  /** Answers a request that the framework does not get to see. */
  toResponse(response: ServerResponse, error: AppError, requestId: string): void;
  /** The error that the parser's failure is. */
  ofParser(error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer }): AppError;
  /** A method that the path has not; undefined when it has none at all. */
  ofMethod(method: string, path: string): AppError | undefined;
  readonly headers: HeaderSet;
  readonly methodsOf: AllowedMethods;
}

const noRoute = '(none)';
const clientErrors: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'request.headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'request.body_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
};
const allMethods: readonly string[] = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

export function createRefusals({ headers, methodsOf, logger, metrics }: RefusalDependencies): Refusals {
  const accessLog = createAccessLog(logger);

  function record(error: AppError, requestId: string): void {
    metrics.requestErrors.inc({ route: noRoute, code: error.code });
    const unknown = { trace_id: undefined, user_id: undefined, method: noRoute, latency_ms: 0, statements: 0 };
    accessLog('info', { ...unknown, request_id: requestId, route: noRoute, status: error.status, code: error.code }, 'request refused');
  }

  function answerOf(error: AppError, requestId: string) {
    record(error, requestId);
    const body = JSON.stringify(toProblem(error, requestId));
    const own = {
      ...headers,
      'content-type': 'application/problem+json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'x-request-id': requestId,
      ...(error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
      ...(error.allow === undefined ? {} : { allow: error.allow.join(', ') }),
      connection: 'close',
    };
    return { body, headers: own };
  }

  function ofMethod(method: string, path: string): AppError | undefined {
    const allow = methodsOf(path);
    return allow.length === 0 || allow.includes(method) ? undefined : new AppError('request.method_not_allowed', { allow });
  }

  return {
    headers,
    methodsOf,
    record,
    ofMethod,
    toSocket(socket, error, requestId) {
      const { body, headers: own } = answerOf(error, requestId);
      const lines = Object.entries(own).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(`HTTP/1.1 ${error.status} ${reasons[error.status] ?? 'Refused'}\r\n${lines.join('')}\r\n${body}`);
    },
    toResponse(response, error, requestId) {
      const { body, headers: own } = answerOf(error, requestId);
      response.writeHead(error.status, own).end(body);
    },
    ofParser(error) {
      const firstLine = error.rawPacket?.toString('latin1').split('\r\n', 1)[0] ?? '';
      const overflow = error.code === 'HPE_HEADER_OVERFLOW' && firstLine.length >= uriCharactersMax;
      if (overflow) return new AppError('request.uri_too_long', { cause: error });
      // The parser knows some methods and refuses all others before anybody can say which ones the path has.
      const [, method, target] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) (\S+) HTTP\/1\.[01]$/.exec(firstLine) ?? [];
      if (error.code === 'HPE_INVALID_METHOD' && method !== undefined && target !== undefined)
        return ofMethod(method, pathOfTarget(target)) ?? new AppError('request.route_unknown');
      return new AppError(clientErrors[error.code ?? ''] ?? 'request.malformed_http', { cause: error });
    },
  };
}

/** Longer addresses are refused; every route's own are far shorter. */
export const uriCharactersMax = 8192;

/** CONNECT asks for a tunnel to somewhere else, not for a path of ours. */
export function refuseTunnel(refusals: Refusals, requestIds: RequestIds): (request: IncomingMessage, socket: Duplex) => void {
  return (request, socket) => {
    // A client that leaves at once is no error of ours.
    socket.on('error', () => socket.destroy());
    refusals.toSocket(socket, new AppError('request.method_not_allowed', { allow: allMethods }), requestIds(request));
  };
}
