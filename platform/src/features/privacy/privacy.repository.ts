/** Reads and writes what people chose. */
import type { Executor } from '../../db/database.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import * as queries from './privacy.queries.ts';
import type { Privacy, UpdatePrivacy } from './privacy.schema.ts';

/** The reader's account may have gone after the access token was given out. */
export const constraintErrors = { fk_user_privacy_user: 'auth.required' } as const satisfies ConstraintErrors;

export async function findPrivacy(executor: Executor, userId: string): Promise<Privacy> {
  return toPrivacy(await executor.one(queries.readPrivacy, { userId }));
}

export async function changePrivacy(executor: Executor, userId: string, change: UpdatePrivacy): Promise<Privacy> {
  const { friendRequestsFrom = null, presenceShownTo = null, receiptsShown = null } = change;
  const values = { userId, friendRequestsFrom, presenceShownTo, receiptsShown };
  return toPrivacy(await onConstraint(constraintErrors, () => executor.one(queries.updatePrivacy, values)));
}

function toPrivacy(row: queries.PrivacyRow): Privacy {
  return {
    friendRequestsFrom: row.friend_requests_from,
    presenceShownTo: row.presence_shown_to,
    receiptsShown: row.receipts_shown,
  };
}
