/**
 * The bare Fastify server with every limit and timeout set. Fastify turns Node's guard against slow bodies off and
 * leaves the idle-connection sweep of a shutdown undone, so neither is left to a default here.
 */
import type { IncomingMessage, ServerResponse as Response } from 'node:http';
import type { Socket } from 'node:net';
import {
  fastify,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import type { Config } from '../../config/config.ts';
import { AppError } from '../../errors.ts';
import type { Logger } from '../../telemetry/logging.ts';
import { registerBodyParser } from './body-parser.ts';
import { serializerCompiler, validatorCompiler } from './compilers.ts';
import { ServerResponse } from './node-http.ts';
import { registerProblemReplies, sendProblem, toAppError } from './problem-replies.ts';
import { refuseTunnel, type Refusals, uriCharactersMax } from './refusals.ts';
import { createRequestIds, type RequestIds } from './request-ids.ts';
import { Answer } from './standing-headers.ts';

export type ServerConfig = Pick<Config, 'bodyLimitBytes' | 'requestTimeoutMs' | 'headersTimeoutMs' | 'keepAliveTimeoutMs' | 'trustProxy'>;

const headerBytesMax = 16_384;
const headersMax = 100;
const paramLengthMax = 128;
const requestsPerConnectionMaxDefault = 10_000;

/** Given at creation and not set later: else Fastify loads its own compilers, 35 ms of the start. Its types know only those. */
const compilersFactory = {
  buildValidator: () => validatorCompiler,
  buildSerializer: () => serializerCompiler,
} as unknown as NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;

export interface ServerDependencies {
  readonly config: ServerConfig;
  readonly logger: Logger;
  readonly refusals: Refusals;
  /** Which requests the listeners of `upgrade` get; none unless given. */
  readonly isUpgrade?: (request: IncomingMessage) => boolean;
  /** Requests after which a connection is closed, so that load balancers spread clients again. */
  readonly requestsPerConnectionMax?: number;
}

export function createServer({ config, logger, refusals, isUpgrade, requestsPerConnectionMax }: ServerDependencies): FastifyInstance {
  const requestIds = createRequestIds();
  const app: FastifyInstance = fastify({
    loggerInstance: quietLogger(logger),
    // Our own access log line has the fields that operators filter by.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIds,
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    bodyLimit: config.bodyLimitBytes,
    requestTimeout: config.requestTimeoutMs,
    keepAliveTimeout: config.keepAliveTimeoutMs,
    http: {
      ServerResponse: Answer,
      maxHeaderSize: headerBytesMax,
      headersTimeout: config.headersTimeoutMs,
      connectionsCheckingInterval: 1000,
      // Node's own answer to a missing Host has no body; the entrance refuses it.
      requireHostHeader: false,
      shouldUpgradeCallback: isUpgrade ?? (() => false),
    },
    schemaController: { compilersFactory },
    routerOptions: { maxParamLength: paramLengthMax },
    // A request that slipped in during a shutdown is answered, not refused; `connection: close` ends the rest.
    return503OnClosing: false,
    // Without a route there are no hooks: what they do is done here.
    frameworkErrors: (error, request, reply) => {
      const isLong = (request.raw.url?.length ?? 0) > uriCharactersMax;
      const problem = isLong ? new AppError('request.uri_too_long') : toAppError(error);
      refusals.record(problem, request.id);
      sendProblem(reply.headers(refusals.headers) as FastifyReply, problem);
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, refusals, requestIds),
  });
  app.server.maxHeadersCount = headersMax;
  app.server.on('connect', refuseTunnel(refusals, requestIds));
  app.server.on('checkExpectation', (request: IncomingMessage, response: Response) =>
    refusals.toResponse(response, new AppError('request.expectation_failed'), requestIds(request)),
  );
  app.decorateRequest('trail', null);
  app.decorateRequest('reader', null);
  limitRequestsPerConnection(app, requestsPerConnectionMax ?? requestsPerConnectionMaxDefault);
  registerBodyParser(app);
  registerProblemReplies(app, { logger });
  return app;
}

/**
 * Fastify's own warnings and errors; what it says at lower levels (such as where it listens) we say ourselves. It is its own
 * child, for every request: one of its own would buy nothing, and what a `childLoggerFactory` returns is examined each time.
 */
function quietLogger(logger: Logger): FastifyBaseLogger {
  const quiet = logger.child({}, { level: logger.isLevelEnabled('warn') ? 'warn' : logger.level });
  return Object.assign(quiet, { child: () => quiet });
}

/** Answers what never became a request: broken HTTP, too many header bytes, a body that did not arrive in time. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket, refusals: Refusals, requestIds: RequestIds): void {
  // A second answer behind one that has begun would be read as its body.
  if (error.code === 'ECONNRESET' || !socket.writable || hasBegunAnswer(socket)) {
    socket.destroy();
    return;
  }
  refusals.toSocket(socket, refusals.ofParser(error), requestIds({ headers: {} }));
}

/** Node keeps the response that is being written there; Fastify's own handler looks at the same place. */
function hasBegunAnswer(socket: Socket): boolean {
  const response = '_httpMessage' in socket ? socket._httpMessage : undefined;
  return response instanceof ServerResponse && response.headersSent;
}

const served: unique symbol = Symbol('requests served');

/** Node would answer the request after the last one itself, with an empty 503; the last answer says goodbye instead. */
function limitRequestsPerConnection(app: FastifyInstance, requestsMax: number): void {
  app.addHook('onRequest', (request, reply, done) => {
    const socket: Socket & { [served]?: number } = request.raw.socket;
    const count = (socket[served] ?? 0) + 1;
    socket[served] = count;
    if (count >= requestsMax) reply.header('connection', 'close');
    done();
  });
}
