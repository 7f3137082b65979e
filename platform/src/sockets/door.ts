/** What HTTP knows about a request that wants to become a connection: the rules for its host, its page, its address, and how to say no. */
import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import { networkOf } from '../api/network.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../errors.ts';
import type { RateLimitName } from '../http/routes/route.ts';
import { createHostGuard } from '../http/server/hosts.ts';
import type { Refusals } from '../http/server/refusals.ts';
import { createRequestIds } from '../http/server/request-ids.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { Door } from './sockets.ts';

export interface DoorDependencies {
  readonly config: Pick<Config, 'publicOrigin' | 'allowedOrigins' | 'allowedHosts' | 'trustProxy'>;
  readonly limiter: RateLimiter<RateLimitName>;
  /** There once the server takes requests. */
  readonly refusals: () => Pick<Refusals, 'toSocket'> | undefined;
}

export function createDoor({ config, limiter, refusals }: DoorDependencies): Door {
  const hosts = createHostGuard(config);
  const requestIds = createRequestIds();
  // As for every other request: the same list, read by the same library as Fastify reads it.
  const isProxy = proxyAddr.compile([...config.trustProxy]);
  return {
    hostError: (request) => hosts({ headers: request.headers, raw: request, routeOptions: { url: undefined } }),
    isOwnOrigin: (request) => isOwnOrigin(request, config),
    networkOf: (request) => networkOf(config.trustProxy.length === 0 ? (request.socket.remoteAddress ?? '') : proxyAddr(request, isProxy)),
    async spend(network) {
      const { allowed, retryAfterSeconds } = await limiter.consume('upgrade', network);
      if (!allowed) throw new AppError('request.rate_limited', { retryAfterSeconds });
    },
    refuse: (socket, error, request) => refusals()?.toSocket(socket, error, requestIds(request)),
  };
}

/** Programs send no Origin and have nothing that a page could use; a page has to be ours or a declared one. The ticket is asked for either way. */
function isOwnOrigin({ headers }: IncomingMessage, { publicOrigin, allowedOrigins }: DoorDependencies['config']): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowedOrigins.includes(origin)) return true;
  return publicOrigin === undefined ? host !== undefined && URL.parse(origin)?.host === host.toLowerCase() : origin === publicOrigin;
}
