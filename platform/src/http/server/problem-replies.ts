/** Every error leaves as problem+json (RFC 9457); what is not ours becomes `server.internal` and a log line. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type ErrorCode, toProblem } from '../../errors.ts';
import type { Logger } from '../../telemetry/logging.ts';
import { isConnectionLost, isTimeout } from '../../db/sqlstate.ts';
import { createHeldRefusals } from './held-refusals.ts';
import { StoreUnavailable } from '../../redis/store.ts';

const fastifyCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.unsupported_media_type',
  FST_ERR_CTP_INVALID_TYPE: 'request.unsupported_media_type',
  FST_ERR_CTP_EMPTY_TYPE: 'request.unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request.malformed_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request.malformed_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request.invalid',
  FST_ERR_BAD_URL: 'request.route_unknown',
  FST_ERR_MAX_PARAM_LENGTH: 'request.route_unknown',
  FST_ERR_HANDLER_TIMEOUT: 'server.timeout',
  FST_ERR_NOT_FOUND: 'request.route_unknown',
};

/** The catalogue's error for anything thrown. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  const known = code === undefined ? undefined : fastifyCodes[code];
  if (known !== undefined) return new AppError(known, { cause: error });
  // Before the codes of sockets: a client that leaves while it sends ends in ECONNRESET too.
  if (isClientFault(error)) return new AppError('request.malformed_http', { cause: error });
  if (isTimeout(error)) return new AppError('server.timeout', { cause: error, retryAfterSeconds: 2 });
  if (isConnectionLost(error)) return new AppError('server.database_unavailable', { cause: error, retryAfterSeconds: 2 });
  if (error instanceof StoreUnavailable) return new AppError('server.busy', { cause: error, retryAfterSeconds: 2 });
  return new AppError('server.internal', { cause: error });
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Fastify marks what is wrong with the request itself, a body that breaks off for one, with a status of 4xx. */
function isClientFault(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return false;
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500;
}

const asText = (payload: unknown): string => String(payload);

export function sendProblem(reply: FastifyReply, error: AppError): FastifyReply {
  const { request } = reply;
  // Undefined on requests that never reached a route, which Fastify does not decorate.
  if (request.trail) request.trail.errorCode = error.code;
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(error.retryAfterSeconds)));
  if (error.allow !== undefined) reply.header('allow', error.allow.join(', '));
  if (error.status === 401) reply.header('www-authenticate', 'Bearer');
  // What the lifecycle gave every answer of a route already; a handler may have said otherwise about keeping the answer.
  if (!request.trail) reply.header('x-content-type-options', 'nosniff').header('x-request-id', request.id);
  if (!request.trail || reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  return reply
    .status(error.status)
    .type('application/problem+json; charset=utf-8')
    .serializer(asText)
    .send(JSON.stringify(toProblem(error, request.id)));
}

export function registerProblemReplies(app: FastifyInstance, { logger }: { readonly logger: Logger }): void {
  const refusals = createHeldRefusals();
  app.addHook('preClose', (done) => {
    refusals.release();
    done();
  });
  app.setErrorHandler((thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const error = toAppError(thrown);
    if (error.status >= 500) logFailure(logger, request, error);
    const held = error.code === 'request.rate_limited' ? refusals.hold() : undefined;
    return held === undefined ? sendProblem(reply, error) : held.then(() => sendProblem(reply, error));
  });
}

function logFailure(logger: Logger, request: FastifyRequest, error: AppError): void {
  const fields = { request_id: request.id, method: request.method, route: request.trail?.route, code: error.code };
  // Overload sheds thousands of requests a second; their stacks say nothing that the code does not.
  if (error.code === 'server.busy' || error.code === 'server.shutting_down') logger.debug(fields, error.message);
  else logger.error({ ...fields, error: error.cause ?? error }, error.message);
}
