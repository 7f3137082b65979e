/**
 * One route, declared once: who may call it, how often, how large, how many statements it may run and what
 * becomes of it when a store is away. The declaration serves guards, limits, OpenAPI and the matrix tests.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Executor } from '../../db/database.ts';
import type { ErrorCode } from '../../errors.ts';
import type { rateLimits } from '../../limits/rate-limits.ts';

export type Access =
  /** Anyone; a signed-in reader is known to the handler. */
  | 'public'
  /** Signed in. */
  | 'user'
  /** Signed in with the site role admin. */
  | 'admin'
  /** Operators and probes; never behind a sign-in, never with personal data. What strangers need not know asks for OPERATIONS_TOKEN. */
  | 'operations';

/** What the route does while Redis is away. PostgreSQL away is 503 for every route that declares statements. */
export type Degradation = 'full' | 'fail-fast';

export type RateLimitName = keyof typeof rateLimits;

export interface RouteSchema {
  readonly params?: z.ZodType;
  readonly querystring?: z.ZodType;
  readonly body?: z.ZodType;
  readonly headers?: z.ZodType;
  /** Response shape per status; the only fields that may leave the server. */
  readonly response: Readonly<Record<number, z.ZodType>>;
}

type Parsed<S, K extends keyof RouteSchema> = S extends { readonly [P in K]: infer T extends z.ZodType } ? z.output<T> : undefined;

export interface RouteRequest<S extends RouteSchema> {
  readonly params: Parsed<S, 'params'>;
  readonly query: Parsed<S, 'querystring'>;
  readonly body: Parsed<S, 'body'>;
  readonly raw: FastifyRequest;
}

/** Creates something in the transaction that it is given: the thing created, or its JSON text from PostgreSQL. */
export type CreatingWork = (tx: Executor) => Promise<object | string>;

/**
 * What a creating route creates with. Opens the transaction and runs `work` in it, once for one Idempotency-Key: a
 * repetition gets the first answer and runs nothing. Return what it gives; it is the answer.
 */
export type Once = (work: CreatingWork) => Promise<string>;

export interface CreatingRequest<S extends RouteSchema> extends RouteRequest<S> {
  readonly once: Once;
}

/** The body of a route that takes bytes as they are. */
export const binaryBody = z.instanceof(Buffer).meta({ type: 'string', format: 'binary' });

/** The answer of a route that gives bytes of this media type. */
export function binaryResponse(mediaType: string) {
  return z.instanceof(Buffer).meta({ type: 'string', format: 'binary', mediaType });
}

export interface RouteDeclaration<S extends RouteSchema, Idempotent extends boolean = boolean> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Fastify path, `/api/posts/:postId`. */
  readonly url: string;
  /** Unique; becomes the client's function name. */
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly access: Access;
  readonly rateLimit: RateLimitName;
  readonly bodyLimitBytes?: number;
  /** Most SQL statements one call may run behind its guard. */
  readonly statementsMax: number;
  readonly degradation: Degradation;
  /**
   * Creating routes (POST answered 201): true gives the handler `once`, which honours the Idempotency-Key header; false
   * says beside its reason that a repetition does no harm.
   */
  readonly idempotent?: Idempotent;
  /** Error codes of this route besides the general ones. */
  readonly errors?: readonly ErrorCode[];
  readonly schema: S;
  readonly handler: (request: Idempotent extends true ? CreatingRequest<S> : RouteRequest<S>, reply: FastifyReply) => Promise<unknown>;
}

/** A type-erased route, as registration, OpenAPI and the audits see it. */
export interface Route extends Omit<RouteDeclaration<RouteSchema>, 'handler'> {
  readonly handler: (request: CreatingRequest<never>, reply: FastifyReply) => Promise<unknown>;
}

export function defineRoute<const S extends RouteSchema, const Idempotent extends boolean = false>(
  declaration: RouteDeclaration<S, Idempotent>,
): Route {
  // A list of routes has no common type for what their handlers take.
  return declaration as unknown as Route;
}
