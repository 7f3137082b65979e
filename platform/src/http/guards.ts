/**
 * What stands between a request and its handler: overload, cross-site, rate limit, sign-in, role. One function
 * per route, closed over its declaration, so that a request pays for what its route asks for and nothing else.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { Reader } from './reader.ts';
import { runInTrail } from './request-trail.ts';
import type { RateLimitName, Route } from './route.ts';
import { rateLimits } from './rate-limits.ts';

export interface GuardDependencies {
  readonly limiter: RateLimiter<RateLimitName>;
  /** The reader of the credentials sent; null when there are none. Throws `auth.token_invalid`. */
  readonly authenticate: (request: FastifyRequest) => Promise<Reader | null>;
  /** Throws `request.cross_site`. */
  readonly refuseCrossSite: (request: FastifyRequest) => void;
  /** Why new work is refused right now, if it is. */
  readonly overload: () => 'event-loop' | 'pool' | undefined;
  readonly onShed: (reason: 'event-loop' | 'pool') => void;
  readonly onLimited: (limit: RateLimitName) => void;
}

export type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

export function createGuard(route: Route, deps: GuardDependencies): Guard {
  const changes = route.method !== 'GET';
  const perAddress = rateLimits[route.rateLimit].per === 'address';

  // Signing in and refreshing bring credentials of their own: an expired cookie may not stand in their way.
  const identifies = !(route.access === 'public' && perAddress);

  async function limit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const caller = request.reader !== null && !perAddress ? `user:${request.reader.userId}` : `address:${request.ip}`;
    const outcome = deps.limiter.consumeLocally(route.rateLimit, caller) ?? (await deps.limiter.consume(route.rateLimit, caller));
    reply.header('ratelimit-limit', outcome.limit);
    reply.header('ratelimit-remaining', outcome.remaining);
    if (outcome.allowed) return;
    deps.onLimited(route.rateLimit);
    throw new AppError('request.rate_limited', { retryAfterSeconds: outcome.retryAfterSeconds });
  }

  async function identify(request: FastifyRequest): Promise<void> {
    const reader = await runInTrail(request, () => deps.authenticate(request));
    request.reader = reader;
    if (reader !== null && request.trail !== null) request.trail.userId = reader.userId;
  }

  function authorise(reader: Reader | null): void {
    if (route.access === 'public') return;
    if (reader === null) throw new AppError('auth.required');
    if (route.access === 'admin' && reader.role !== 'admin') throw new AppError('access.denied');
  }

  return async (request, reply) => {
    if (route.access === 'operations') return limit(request, reply);
    const reason = deps.overload();
    if (reason !== undefined) {
      deps.onShed(reason);
      throw new AppError('server.busy', { retryAfterSeconds: 1 });
    }
    if (changes) deps.refuseCrossSite(request);
    if (perAddress) await limit(request, reply);
    if (identifies && hasCredentials(request)) await identify(request);
    if (!perAddress) await limit(request, reply);
    authorise(request.reader);
  };
}

function hasCredentials(request: FastifyRequest): boolean {
  return request.headers.authorization !== undefined || request.headers.cookie !== undefined;
}
