/**
 * Creating requests that may be sent twice and happen once. The key's row is inserted in the transaction that creates
 * the thing and receives the answer before the commit, so key, thing and answer exist together or not at all.
 * A duplicate that arrives meanwhile is told so at once (409 and when to come back, as the draft asks): it holds no connection,
 * and its repetition gets the first answer byte for byte.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database, Executor } from '../../db/database.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import { AppError } from '../../errors.ts';
import * as queries from './idempotency.queries.ts';
import type { CreatingWork } from './route.ts';

export interface Idempotency {
  /**
   * Runs `work` in one transaction and answers with `status` and its result: an object as the route's schema writes it, JSON text
   * of PostgreSQL as it is. With a valid Idempotency-Key of a signed-in reader a repetition returns the first answer instead, with
   * `Idempotency-Replayed: true`. The returned text is what goes out. Costs two statements more when the key is there.
   * Throws `idempotency.key_invalid`, `idempotency.key_reused`, `idempotency.in_progress`, and whatever `work` throws (the key is then free again).
   */
  run(request: FastifyRequest, reply: FastifyReply, status: number, work: CreatingWork): Promise<string>;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly replayed: boolean;
}

/** The reader's account may have gone after the access token was given out. */
export const constraintErrors = { fk_idempotency_keys_user: 'auth.required' } as const satisfies ConstraintErrors;

const keyPattern = /^[A-Za-z0-9_-]{8,128}$/;

export function createIdempotency({ db }: { readonly db: Database }): Idempotency {
  return {
    run: async (request, reply, status, work) => {
      const claim = claimOf(request);
      const answer = await db.transaction(async (tx): Promise<Answer> => {
        if (claim !== undefined) {
          const earlier = await claimOrFindAnswer(tx, claim);
          if (earlier !== undefined) return earlier;
        }
        const created = await work(tx);
        reply.code(status);
        const text = typeof created === 'string' ? created : serialise(reply, created);
        if (claim !== undefined) await tx.run(queries.storeAnswer, { userId: claim.userId, key: claim.key, status, body: text });
        return { status, text, replayed: false };
      });
      if (answer.replayed) reply.header('idempotency-replayed', 'true');
      // The stored bytes are what leaves, whatever the handler returns.
      reply
        .code(answer.status)
        .type('application/json; charset=utf-8')
        .serializer(() => answer.text);
      return answer.text;
    },
  };
}

/** As the route's response schema of the current status writes it. */
function serialise(reply: FastifyReply, result: unknown): string {
  const text = reply.serialize(result);
  if (typeof text !== 'string') throw new Error('the answer of a creating route has to be JSON text');
  return text;
}

interface Claim {
  readonly userId: string;
  readonly key: string;
  readonly route: string;
  readonly requestHash: Buffer;
}

function claimOf(request: FastifyRequest): Claim | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined || request.reader === null) return undefined;
  if (typeof key !== 'string' || !keyPattern.test(key)) throw new AppError('idempotency.key_invalid');
  const requestHash = createHash('sha256')
    .update(`${request.method} ${request.url}\n`)
    .update(JSON.stringify(request.body ?? null))
    .digest();
  return { userId: request.reader.userId, key, route: `${request.method} ${request.routeOptions.url ?? request.url}`, requestHash };
}

/** Undefined when the key is now ours. */
async function claimOrFindAnswer(tx: Executor, claim: Claim): Promise<Answer | undefined> {
  const claimed = await onConstraint(constraintErrors, () => tx.maybeOne(queries.claimKey, claim));
  if (claimed !== undefined) return undefined;
  const earlier = await tx.maybeOne(queries.findAnswer, { userId: claim.userId, key: claim.key });
  // Another request is at work on it. (Or it was swept between the two statements: the repetition is then the first.)
  if (earlier === undefined || earlier.status === null || earlier.body === null)
    throw new AppError('idempotency.in_progress', { retryAfterSeconds: 1 });
  if (!earlier.request_hash.equals(claim.requestHash)) throw new AppError('idempotency.key_reused');
  return { status: earlier.status, text: earlier.body, replayed: true };
}
