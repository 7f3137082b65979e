/** Who sends the request. Set by the authentication hook; absent for anonymous readers. */
import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';

export interface Reader {
  readonly userId: string;
  readonly sessionId: string;
  readonly role: 'user' | 'admin';
}

declare module 'fastify' {
  interface FastifyRequest {
    reader: Reader | null;
  }
}

/** The signed-in reader. Throws `auth.required` when there is none. */
export function requireReader(request: FastifyRequest): Reader {
  if (request.reader === null) throw new AppError('auth.required');
  return request.reader;
}
