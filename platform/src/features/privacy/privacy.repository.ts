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
  const { friendRequestsFrom = null, messagesFrom = null, presenceShownTo = null, receiptsShown = null } = change;
  const values = { userId, friendRequestsFrom, messagesFrom, presenceShownTo, receiptsShown };
  return toPrivacy(await onConstraint(constraintErrors, () => executor.one(queries.updatePrivacy, values)));
}

export async function findShowingPresence(executor: Executor, readerId: string, userIds: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set((await executor.run(queries.listShowingPresence, { readerId, userIds })).map(({ id }) => id));
}

/** Ids by name in lower case. */
export async function findIds(executor: Executor, usernames: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await executor.run(queries.findIds, { usernames: usernames.map((name) => name.toLowerCase()) });
  return new Map(rows.map(({ id, username }) => [username, id]));
}

function toPrivacy(row: queries.PrivacyRow): Privacy {
  return {
    friendRequestsFrom: row.friend_requests_from,
    messagesFrom: row.messages_from,
    presenceShownTo: row.presence_shown_to,
    receiptsShown: row.receipts_shown,
  };
}
