/**
 * What opens one connection: given out over the signed-in API, good for half a minute and for one redemption, bound to a person and their
 * session. Kept in the store where there is one that all instances share; in PostgreSQL otherwise, and while the store does not answer. A
 * ticket says where it is kept. What cannot be looked up opens nothing.
 *
 * Kept under a hash of itself: who reads the store or the database cannot open a connection.
 */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { type ConstraintErrors, onConstraint } from '../db/on-constraint.ts';
import { AppError } from '../errors.ts';
import { wsTicketKey } from '../redis/keys.ts';
import type { Store } from '../redis/store.ts';
import { socketLimits } from './limits.ts';
import * as queries from './tickets.queries.ts';

export interface TicketHolder {
  readonly userId: string;
  readonly sessionId: string;
}

export interface Tickets {
  issue(holder: TicketHolder): Promise<string>;
  /** To exactly one of any number of callers. Null when there is no such ticket, any more or at all. Throws `server.busy` when that cannot be looked up. */
  redeem(ticket: string): Promise<TicketHolder | null>;
}

/** The account, or its session, may have gone after the access token was given out. */
export const constraintErrors = {
  fk_ws_tickets_user: 'auth.required',
  fk_ws_tickets_session: 'auth.required',
} as const satisfies ConstraintErrors;

const ticketBytes = 24;
const inStore = 's';
const inDatabase = 'd';
const ticketPattern = /^[sd][A-Za-z0-9_-]{32}$/;
const holderShape = z.object({ userId: z.string(), sessionId: z.string() });

export function createTickets({ db, store }: { readonly db: Database; readonly store: Store }): Tickets {
  const isShared = store.kind === 'redis';

  async function keepInStore(ticket: string, holder: TicketHolder): Promise<boolean> {
    if (!isShared) return false;
    return store.set(wsTicketKey.build(hashOf(ticket).toString('hex')), JSON.stringify(holder), socketLimits.ticketSeconds).then(
      () => true,
      // It is kept in PostgreSQL instead: the store's own metrics say why.
      () => false,
    );
  }

  async function takeFromStore(ticket: string): Promise<TicketHolder | null> {
    const text = await store.take(wsTicketKey.build(hashOf(ticket).toString('hex'))).catch((error: unknown) => {
      throw new AppError('server.busy', { retryAfterSeconds: 1, cause: error });
    });
    return text === undefined ? null : (holderShape.safeParse(JSON.parse(text)).data ?? null);
  }

  return {
    async issue({ userId, sessionId }) {
      const secret = randomBytes(ticketBytes).toString('base64url');
      if (await keepInStore(inStore + secret, { userId, sessionId })) return inStore + secret;
      const ticket = inDatabase + secret;
      await onConstraint(constraintErrors, () =>
        db.one(queries.issueTicket, { hash: hashOf(ticket), userId, sessionId, lifeSeconds: socketLimits.ticketSeconds }),
      );
      return ticket;
    },

    async redeem(ticket) {
      if (!ticketPattern.test(ticket)) return null;
      if (ticket.startsWith(inStore)) return isShared ? takeFromStore(ticket) : null;
      const row = await db.maybeOne(queries.redeemTicket, { hash: hashOf(ticket) });
      return row === undefined ? null : { userId: row.user_id, sessionId: row.session_id };
    },
  };
}

function hashOf(ticket: string): Buffer {
  return createHash('sha256').update(ticket).digest();
}
