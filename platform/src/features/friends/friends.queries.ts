/** Statements that change who is whose friend. All of them run under the locks of both people (users.lock_pair). */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { isBlocked } from '../blocks/blocks.fragments.queries.ts';
import { friendRequestsFrom } from '../privacy/privacy.fragments.queries.ts';
import { friendRequestsFrom as friendRequestsFromShape } from '../privacy/privacy.schema.ts';
import { isLiveRequest, requestDays } from './friends.fragments.queries.ts';

const pair = { readerId: 'bigint', otherId: 'bigint' } as const;
const pairSample = { readerId: '1', otherId: '2' };
const createdRow = z.object({ created_at: z.date() });
const nothing = z.object({});

const pairRow = z.object({
  hidden: z.boolean(),
  friends_since: z.date().nullable(),
  sent_at: z.date().nullable(),
  sent_declined: z.boolean(),
  sent_cancelled: z.boolean(),
  received_at: z.date().nullable(),
  received_declined: z.boolean(),
  received_cancelled: z.boolean(),
});
export type PairRow = z.output<typeof pairRow>;

const requestColumns = (request: string) => `${request}.created_at as ${request}_at,
      ${request}.declined_at is not null as ${request}_declined, ${request}.cancelled_at is not null as ${request}_cancelled`;

/** Columns and joins that tell what the reader and the other person (expressions) are to each other. */
const pairColumns = (reader: string, other: string) => `
      ${isBlocked(other, reader)} as hidden,
      (select f.created_at from friendships f where f.user_id = ${reader} and f.friend_id = ${other}) as friends_since,
      ${requestColumns('sent')}, ${requestColumns('received')}`;
const requestJoins = (reader: string, other: string) => `
    left join friend_requests sent on sent.from_id = ${reader} and sent.to_id = ${other} and ${isLiveRequest('sent')}
    left join friend_requests received on received.from_id = ${other} and received.to_id = ${reader} and ${isLiveRequest('received')}`;

/** What two people are to each other. */
export const readPair = defineQuery({
  name: 'friends.read_pair',
  access: 'write',
  params: pair,
  text: `
    select ${pairColumns('$1', '$2')}
    from (select 1) nobody
    ${requestJoins('$1', '$2')}`,
  budgetMs: 20,
  usesIndex: ['friendships_pkey', 'friend_requests_pkey'],
  sample: pairSample,
  row: pairRow,
});

/** The same with a person by name. No row when there is nobody of this name. */
export const readPairByName = defineQuery({
  name: 'friends.read_pair_by_name',
  access: 'write',
  params: { readerId: 'bigint', username: 'text' },
  text: `
    select u.id, u.username, u.display_name, ${pairColumns('$1', 'u.id')}
    from users u
    ${requestJoins('$1', 'u.id')}
    where lower(u.username) = lower($2)`,
  budgetMs: 20,
  usesIndex: ['idx_users_username_unique', 'friendships_pkey', 'friend_requests_pkey'],
  sample: { readerId: '1', username: 'keeper' },
  row: pairRow.extend({ id: z.string(), username: z.string(), display_name: z.string() }),
});

/** What an asking person has to pass: whom the other one lets ask, how many they asked since yesterday, how many friends both have. */
export const readRoom = defineQuery({
  name: 'friends.read_room',
  access: 'write',
  params: { ...pair, countMax: 'integer' },
  text: `
    select
      ${friendRequestsFrom('$2')} as requests_from,
      exists (
        select from memberships mine join memberships theirs on theirs.sanctum_id = mine.sanctum_id and theirs.user_id = $2
        where mine.user_id = $1
      ) as shares_sanctum,
      (select count(*)::integer from (
        select from friend_requests r where r.from_id = $1 and r.created_at > now() - interval '1 day' limit $3
      ) counted) as asked_today,
      (select count(*)::integer from (select from friendships f where f.user_id = $1 limit $3) counted) as reader_friends,
      (select count(*)::integer from (select from friendships f where f.user_id = $2 limit $3) counted) as other_friends`,
  budgetMs: 30,
  usesIndex: ['idx_friend_requests_sent', 'friendships_pkey', 'idx_memberships_user_id'],
  sample: { ...pairSample, countMax: 1000 },
  row: z.object({
    requests_from: friendRequestsFromShape,
    shares_sanctum: z.boolean(),
    asked_today: z.int(),
    reader_friends: z.int(),
    other_friends: z.int(),
  }),
});

/** The other direction has to be gone. */
export const writeRequest = defineQuery({
  name: 'friends.write_request',
  access: 'write',
  params: pair,
  text: `
    insert into friend_requests (from_id, to_id, expires_at)
    values ($1, $2, now() + interval '${requestDays} days')
    on conflict (from_id, to_id) do update
    set id = default, created_at = now(), expires_at = excluded.expires_at, declined_at = null, cancelled_at = null
    returning created_at`,
  budgetMs: 50,
  usesIndex: [],
  sample: pairSample,
  row: createdRow,
});

/** A request that was declined and then cancelled is wanted again: it stays declined as long as it would have been. */
export const resumeRequest = defineQuery({
  name: 'friends.resume_request',
  access: 'write',
  params: pair,
  text: `
    update friend_requests r set cancelled_at = null
    where r.from_id = $1 and r.to_id = $2
    returning r.created_at`,
  budgetMs: 50,
  usesIndex: ['friend_requests_pkey'],
  sample: pairSample,
  row: createdRow,
});

export const removeRequest = defineQuery({
  name: 'friends.remove_request',
  access: 'write',
  params: { fromId: 'bigint', toId: 'bigint' },
  text: `delete from friend_requests where from_id = $1 and to_id = $2`,
  budgetMs: 20,
  usesIndex: ['friend_requests_pkey'],
  sample: { fromId: '1', toId: '2' },
  row: nothing,
});

/** The one who was asked says no: held back for its days from now on. */
export const declineRequest = defineQuery({
  name: 'friends.decline_request',
  access: 'write',
  params: { fromId: 'bigint', toId: 'bigint' },
  text: `
    update friend_requests r set declined_at = now(), expires_at = now() + interval '${requestDays} days'
    where r.from_id = $1 and r.to_id = $2`,
  budgetMs: 20,
  usesIndex: ['friend_requests_pkey'],
  sample: { fromId: '1', toId: '2' },
  row: nothing,
});

export const cancelRequest = defineQuery({
  name: 'friends.cancel_request',
  access: 'write',
  params: { fromId: 'bigint', toId: 'bigint' },
  text: `
    update friend_requests r set cancelled_at = now()
    where r.from_id = $1 and r.to_id = $2 and r.cancelled_at is null`,
  budgetMs: 20,
  usesIndex: ['friend_requests_pkey'],
  sample: { fromId: '1', toId: '2' },
  row: nothing,
});

/** Both rows, and what led to them goes. */
export const befriend = defineQuery({
  name: 'friends.befriend',
  access: 'write',
  params: pair,
  text: `
    with answered as (
      delete from friend_requests r
      where (r.from_id = $1 and r.to_id = $2) or (r.from_id = $2 and r.to_id = $1)
    ),
    side as (
      insert into friendships (user_id, friend_id) values ($1, $2), ($2, $1)
      returning user_id, created_at
    )
    select side.created_at from side where side.user_id = $1`,
  budgetMs: 50,
  usesIndex: ['friend_requests_pkey'],
  sample: pairSample,
  row: createdRow,
});

/** No friends any longer, and what either asked is taken back. A row when they were friends. */
export const part = defineQuery({
  name: 'friends.part',
  access: 'write',
  params: pair,
  text: `
    with taken_back as (
      update friend_requests r set cancelled_at = now()
      where ((r.from_id = $1 and r.to_id = $2) or (r.from_id = $2 and r.to_id = $1)) and r.cancelled_at is null
    ),
    gone as (
      delete from friendships f
      where (f.user_id = $1 and f.friend_id = $2) or (f.user_id = $2 and f.friend_id = $1)
      returning f.user_id
    )
    select gone.user_id from gone where gone.user_id = $1`,
  budgetMs: 50,
  usesIndex: ['friendships_pkey', 'friend_requests_pkey'],
  sample: pairSample,
  row: z.object({ user_id: z.string() }),
});

/** A request ends after its days, whether it waits or holds back what was declined. */
export const sweepRequests = defineQuery({
  name: 'friends.sweep_requests',
  access: 'write',
  kind: 'background',
  params: { batchMax: 'integer' },
  text: `
    with old as materialized (
      select from_id, to_id from friend_requests
      where expires_at < now()
      order by expires_at limit $1::integer for update skip locked
    ), gone as (
      delete from friend_requests using old
      where friend_requests.from_id = old.from_id and friend_requests.to_id = old.to_id
      returning 1
    )
    select count(*)::integer as count from gone`,
  budgetMs: 500,
  usesIndex: ['idx_friend_requests_expires_at'],
  sample: { batchMax: 1000 },
  row: z.object({ count: z.number().int() }),
});
