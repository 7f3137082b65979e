/** Who may see what is for operators: metrics, and the parts of readiness. Whether an instance is ready is public, for load balancers. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../../config/config.ts';

export type OperationsAccess = (request: Pick<FastifyRequest, 'headers'>) => boolean;

/** With a token, who sends it; without one, everybody in development and nobody elsewhere. */
export function createOperationsAccess({ operationsToken, profile }: Pick<Config, 'operationsToken' | 'profile'>): OperationsAccess {
  if (operationsToken === undefined) return () => profile === 'development';
  const expected = digest(operationsToken);
  return ({ headers }) => {
    const given = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
    return given !== undefined && timingSafeEqual(digest(given), expected);
  };
}

/** Of one length whatever was sent, as the comparison needs it. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
