/** What people chose, as pieces of SQL. No entry of the catalogue stands here. Look-ups stand as scalar subqueries on purpose: see authorJson. */
import { privacyDefaults } from './privacy.schema.ts';

/** Whom the person lets ask: 'everybody', 'sanctums' or 'nobody'. */
export function friendRequestsFrom(person: string): string {
  return `coalesce((select chosen.friend_requests_from from user_privacy chosen where chosen.user_id = ${person}), '${privacyDefaults.friendRequestsFrom}')`;
}

/** Whom the person lets write: 'everybody', 'friends' or 'nobody'. */
export function messagesFrom(person: string): string {
  return `coalesce((select chosen.messages_from from user_privacy chosen where chosen.user_id = ${person}), '${privacyDefaults.messagesFrom}')`;
}

/** To whom the person shows their presence: 'everybody', 'friends' or 'nobody'. */
export function presenceShownTo(person: string): string {
  return `coalesce((select chosen.presence_shown_to from user_privacy chosen where chosen.user_id = ${person}), '${privacyDefaults.presenceShownTo}')`;
}

/** True when the person shows what they have read. */
export function showsReceipts(person: string): string {
  return `coalesce((select chosen.receipts_shown from user_privacy chosen where chosen.user_id = ${person}), ${privacyDefaults.receiptsShown})`;
}
