/**
 * What stands between a request and its handler: overload, cross-site, rate limit, sign-in, role. One function
 * per route, closed over its declaration, so that a request pays for what its route asks for and nothing else.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { Credentials } from '../../api/credentials.ts';
import { networkOf } from '../../api/network.ts';
import type { LimitOutcome, RateLimiter } from '../../limits/rate-limiter.ts';
import type { Caller } from '../../limits/turns.ts';
import type { Reader } from '../../api/reader.ts';
import { runInTrail } from '../server/request-trail.ts';
import { createStandingHeader } from '../server/standing-headers.ts';
import type { RateLimitName, Route } from './route.ts';
import { rateLimits } from '../../limits/rate-limits.ts';

export interface GuardDependencies {
  readonly limiter: RateLimiter<RateLimitName>;
  /** The reader of the credentials sent; null when there are none. Throws or rejects with `auth.token_invalid`. */
  readonly authenticate: (credentials: Credentials) => Promise<Reader | null> | Reader | null;
  /** Throws `request.cross_site`. */
  readonly refuseCrossSite: (request: FastifyRequest) => void;
  /** Why new work is refused right now, if it is. */
  readonly overload: () => 'event-loop' | 'pool' | undefined;
  readonly onShed: (reason: 'event-loop' | 'pool') => void;
  readonly onLimited: (limit: RateLimitName) => void;
}

/** Throws, or rejects, for a request that may not pass. Undefined when it may and nothing had to be waited for: the usual case. */
export type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<void> | undefined;

const giveLimit = createStandingHeader('ratelimit-limit');
const giveRemaining = createStandingHeader('ratelimit-remaining');

export function createGuard(route: Route, deps: GuardDependencies): Guard {
  const changes = route.method !== 'GET';
  const perAddress = rateLimits[route.rateLimit].per === 'address';

  // Signing in and refreshing bring credentials of their own: an expired cookie may not stand in their way.
  const identifies = !(route.access === 'public' && perAddress);

  function limit(request: FastifyRequest, reply: FastifyReply): Promise<void> | undefined {
    const caller: Caller = request.reader !== null && !perAddress ? `user:${request.reader.userId}` : `address:${networkOf(request.ip)}`;
    if (request.trail !== null) request.trail.caller = caller;
    const outcome = deps.limiter.consumeLocally(route.rateLimit, caller);
    if (outcome !== undefined) return admit(reply, outcome);
    return deps.limiter.consume(route.rateLimit, caller).then((asked) => admit(reply, asked));
  }

  function admit(reply: FastifyReply, outcome: LimitOutcome): undefined {
    giveLimit(reply, outcome.limit);
    giveRemaining(reply, outcome.remaining);
    if (outcome.allowed) return;
    deps.onLimited(route.rateLimit);
    throw new AppError('request.rate_limited', { retryAfterSeconds: outcome.retryAfterSeconds });
  }

  function identify(request: FastifyRequest): Promise<void> | undefined {
    const found = runInTrail(request, () => deps.authenticate(credentialsOf(request)));
    if (found instanceof Promise) {
      return found.then((reader) => {
        // A check that had to ask the database (its poll was late) is not the route's: its budget begins behind the guard.
        if (request.trail !== null) request.trail.statements = 0;
        return recognise(request, reader);
      });
    }
    return recognise(request, found);
  }

  function recognise(request: FastifyRequest, reader: Reader | null): undefined {
    request.reader = reader;
    if (reader !== null && request.trail !== null) request.trail.userId = reader.userId;
  }

  function authorise(request: FastifyRequest): undefined {
    const { reader } = request;
    if (route.access === 'public') return;
    if (reader === null) throw new AppError('auth.required');
    if (route.access === 'admin' && reader.role !== 'admin') throw new AppError('access.denied');
  }

  type Step = (request: FastifyRequest, reply: FastifyReply) => Promise<void> | undefined;
  const identifyIfAsked: Step = (request) => (identifies && hasCredentials(request) ? identify(request) : undefined);
  const [first, second]: readonly [Step, Step] = perAddress ? [limit, identifyIfAsked] : [identifyIfAsked, limit];

  return (request, reply) => {
    if (route.access === 'operations') return limit(request, reply);
    const reason = deps.overload();
    if (reason !== undefined) {
      deps.onShed(reason);
      throw new AppError('server.busy', { retryAfterSeconds: 1 });
    }
    if (changes) deps.refuseCrossSite(request);
    const waiting = first(request, reply);
    if (waiting !== undefined) return waiting.then(() => second(request, reply)).then(() => authorise(request));
    return second(request, reply)?.then(() => authorise(request)) ?? authorise(request);
  };
}

function credentialsOf(request: FastifyRequest): Credentials {
  const { authorization, cookie } = request.headers;
  return { authorization, cookie, network: () => networkOf(request.ip) };
}

function hasCredentials(request: FastifyRequest): boolean {
  return request.headers.authorization !== undefined || request.headers.cookie !== undefined;
}
