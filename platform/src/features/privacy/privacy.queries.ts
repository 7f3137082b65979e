/** Statements about what people chose. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { isHidden } from '../blocks/blocks.fragments.queries.ts';
import { areFriends } from '../friends/friends.fragments.queries.ts';
import { friendRequestsFrom, messagesFrom, presenceShownTo, showsReceipts } from './privacy.fragments.queries.ts';
import {
  friendRequestsFrom as friendRequestsFromShape,
  messagesFrom as messagesFromShape,
  presenceShownTo as presenceShownToShape,
  privacyDefaults,
} from './privacy.schema.ts';

const row = z.object({
  friend_requests_from: friendRequestsFromShape,
  messages_from: messagesFromShape,
  presence_shown_to: presenceShownToShape,
  receipts_shown: z.boolean(),
});
export type PrivacyRow = z.output<typeof row>;

export const readPrivacy = defineQuery({
  name: 'privacy.read',
  access: 'write',
  params: { userId: 'bigint' },
  text: `
    select ${friendRequestsFrom('$1')} as friend_requests_from, ${messagesFrom('$1')} as messages_from,
      ${presenceShownTo('$1')} as presence_shown_to, ${showsReceipts('$1')} as receipts_shown`,
  budgetMs: 20,
  usesIndex: ['user_privacy_pkey'],
  sample: { userId: '1' },
  row,
});

/** Null keeps what is there. */
export const updatePrivacy = defineQuery({
  name: 'privacy.update',
  access: 'write',
  params: { userId: 'bigint', friendRequestsFrom: 'text?', presenceShownTo: 'text?', receiptsShown: 'boolean?', messagesFrom: 'text?' },
  text: `
    insert into user_privacy as chosen (user_id, friend_requests_from, presence_shown_to, receipts_shown, messages_from)
    values (
      $1, coalesce($2, '${privacyDefaults.friendRequestsFrom}'), coalesce($3, '${privacyDefaults.presenceShownTo}'),
      coalesce($4, ${privacyDefaults.receiptsShown}), coalesce($5, '${privacyDefaults.messagesFrom}')
    )
    on conflict (user_id) do update
    set friend_requests_from = coalesce($2, chosen.friend_requests_from), presence_shown_to = coalesce($3, chosen.presence_shown_to),
      receipts_shown = coalesce($4, chosen.receipts_shown), messages_from = coalesce($5, chosen.messages_from), updated_at = now()
    returning friend_requests_from, messages_from, presence_shown_to, receipts_shown`,
  budgetMs: 50,
  usesIndex: [],
  sample: { userId: '1', friendRequestsFrom: null, presenceShownTo: 'nobody', receiptsShown: null, messagesFrom: null },
  row,
});

/** Those of the people who show the reader whether they are here. */
export const listShowingPresence = defineQuery({
  name: 'privacy.list_showing_presence',
  access: 'read',
  params: { readerId: 'bigint', userIds: 'bigint[]' },
  text: `
    select u.id::text as id
    from unnest($2::bigint[]) u (id)
    where not ${isHidden('u.id', '$1')} and (
      u.id = $1
      or case ${presenceShownTo('u.id')} when 'everybody' then true when 'friends' then ${areFriends('u.id', '$1')} else false end)`,
  budgetMs: 30,
  usesIndex: ['user_privacy_pkey', 'friendships_pkey'],
  sample: { readerId: '1', userIds: ['2'] },
  row: z.object({ id: z.string() }),
});

/** Ids by name; who may know anything of them is asked with list_showing_presence. */
export const findIds = defineQuery({
  name: 'privacy.find_ids',
  access: 'read',
  params: { usernames: 'text[]' },
  text: `
    select u.id::text as id, lower(u.username) as username
    from users u
    where lower(u.username) = any ($1::text[])`,
  budgetMs: 30,
  usesIndex: ['idx_users_username_unique'],
  sample: { usernames: ['keeper'] },
  row: z.object({ id: z.string(), username: z.string() }),
});
