/**
 * The bare Fastify server with every limit and timeout set. Fastify turns Node's guard against slow bodies off and
 * leaves the idle-connection sweep of a shutdown undone, so neither is left to a default here.
 */
import type { Socket } from 'node:net';
import {
  fastify,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import type { Config } from '../config.ts';
import { AppError, type ErrorCode, toProblem } from '../errors.ts';
import type { Logger } from '../telemetry/logging.ts';
import { registerBodyParser } from './body-parser.ts';
import { serializerCompiler, validatorCompiler } from './compilers.ts';
import { registerProblemReplies, sendProblem, toAppError } from './problem-replies.ts';
import { createRequestIds, type RequestIds } from './request-ids.ts';

export type ServerConfig = Pick<Config, 'bodyLimitBytes' | 'requestTimeoutMs' | 'headersTimeoutMs' | 'keepAliveTimeoutMs' | 'trustProxy'>;

const headerBytesMax = 16_384;
const headersMax = 100;
const paramLengthMax = 128;
const requestsPerConnectionMax = 10_000;

/** Given at creation and not set later: else Fastify loads its own compilers, 35 ms of the start. Its types know only those. */
const compilersFactory = {
  buildValidator: () => validatorCompiler,
  buildSerializer: () => serializerCompiler,
} as unknown as NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;

export function createServer({ config, logger }: { readonly config: ServerConfig; readonly logger: Logger }): FastifyInstance {
  const requestIds = createRequestIds();
  const app: FastifyInstance = fastify({
    loggerInstance: quietLogger(logger),
    // Our own access log line has the fields that operators filter by; a child logger per request would buy nothing.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (parent) => parent,
    genReqId: requestIds,
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    bodyLimit: config.bodyLimitBytes,
    requestTimeout: config.requestTimeoutMs,
    keepAliveTimeout: config.keepAliveTimeoutMs,
    maxRequestsPerSocket: requestsPerConnectionMax,
    http: { maxHeaderSize: headerBytesMax, headersTimeout: config.headersTimeoutMs, connectionsCheckingInterval: 1000 },
    schemaController: { compilersFactory },
    routerOptions: { maxParamLength: paramLengthMax },
    // A request that slipped in during a shutdown is answered, not refused; `connection: close` ends the rest.
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply as FastifyReply, toAppError(error));
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, requestIds),
  });
  app.server.maxHeadersCount = headersMax;
  app.decorateRequest('trail', null);
  app.decorateRequest('reader', null);
  registerBodyParser(app);
  registerProblemReplies(app, { logger });
  return app;
}

/** Fastify's own warnings and errors; what it says at lower levels (such as where it listens) we say ourselves. */
function quietLogger(logger: Logger): FastifyBaseLogger {
  return logger.isLevelEnabled('warn') ? logger.child({}, { level: 'warn' }) : logger;
}

const clientErrors: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'request.headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
};

/** Answers what never became a request: broken HTTP, too many header bytes, a body that did not arrive in time. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket, requestIds: RequestIds): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = new AppError(clientErrors[error.code ?? ''] ?? 'request.malformed_http', { cause: error });
  const body = JSON.stringify(toProblem(problem, requestIds({ headers: {} })));
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.code}\r\ncontent-type: application/problem+json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
