/**
 * Answers 503 for handlers that take too long. One timer walks all requests under way, oldest first: a timer and an
 * abort controller per request would cost more than everything else a small route does.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';

export interface HandlerDeadlines {
  watch(request: FastifyRequest, reply: FastifyReply): void;
  forget(request: FastifyRequest): void;
  stop(): void;
}

interface Watched {
  readonly reply: FastifyReply;
  readonly expiresAt: number;
}

const sweepsPerTimeout = 20;
const sweepMsMin = 10;
const sweepMsMax = 500;

export function createHandlerDeadlines({ timeoutMs }: { readonly timeoutMs: number }): HandlerDeadlines {
  // Bounded by the requests under way; in the order of their deadlines, because all wait equally long.
  const watched = new Map<FastifyRequest, Watched>();
  const sweep = setInterval(
    () => {
      const now = performance.now();
      for (const [request, { reply, expiresAt }] of watched) {
        if (expiresAt > now) break;
        watched.delete(request);
        if (!reply.sent) reply.send(new AppError('server.timeout', { retryAfterSeconds: 2 }));
      }
    },
    Math.min(sweepMsMax, Math.max(sweepMsMin, timeoutMs / sweepsPerTimeout)),
  );
  sweep.unref();
  return {
    watch: (request, reply) => void watched.set(request, { reply, expiresAt: performance.now() + timeoutMs }),
    forget: (request) => void watched.delete(request),
    stop: () => clearInterval(sweep),
  };
}
