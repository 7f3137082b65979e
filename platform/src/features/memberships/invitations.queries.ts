/** Statements about invitations. Those that end count as gone before the sweep removes them. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { isoTime } from '../../db/time.fragments.queries.ts';
import { hiddenMembers, isHidden } from '../blocks/blocks.fragments.queries.ts';
import { personFields, personJson } from '../users/users.fragments.queries.ts';
import { isLiveInvitation, invitationDays } from './invitations.fragments.queries.ts';

const memberRole = z.enum(['owner', 'moderator', 'member']);
const changedRow = z.object({ sanctum_id: z.string() });

/** Written anew when there is one already: the caller has judged whether it may be replaced. */
export const writeInvitation = defineQuery({
  name: 'invitations.write',
  access: 'write',
  params: { sanctumId: 'bigint', userId: 'bigint', role: 'text', invitedBy: 'bigint' },
  text: `
    insert into sanctum_invitations (sanctum_id, user_id, role, invited_by)
    values ($1, $2, $3, $4)
    on conflict (sanctum_id, user_id) do update
    set role = excluded.role, invited_by = excluded.invited_by, created_at = now(), declined_at = null
    returning created_at, (
      select ${personJson('u')} from users u where u.id = $4
    ) as invited_by`,
  budgetMs: 50,
  usesIndex: ['users_pkey'],
  sample: { sanctumId: '1', userId: '1', role: 'member', invitedBy: '1' },
  row: z.object({ created_at: z.date(), invited_by: z.object({ username: z.string(), displayName: z.string() }) }),
});

/** How many there are of one sanctum and by one person, counted no further than `countMax`. */
export const countInvitations = defineQuery({
  name: 'invitations.count',
  access: 'write',
  params: { sanctumId: 'bigint', invitedBy: 'bigint', countMax: 'integer' },
  text: `
    select
      (select count(*)::integer from (
        select from sanctum_invitations i where i.sanctum_id = $1 and ${isLiveInvitation('i')} limit $3
      ) counted) as of_sanctum,
      (select count(*)::integer from (
        select from sanctum_invitations i where i.invited_by = $2 and ${isLiveInvitation('i')} limit $3
      ) counted) as by_inviter`,
  budgetMs: 20,
  usesIndex: ['sanctum_invitations_pkey', 'idx_sanctum_invitations_invited_by'],
  sample: { sanctumId: '1', invitedBy: '1', countMax: 1000 },
  row: z.object({ of_sanctum: z.int(), by_inviter: z.int() }),
});

/** What the reader is offered, with the role that its sender has in the sanctum today. */
export const readInvitation = defineQuery({
  name: 'invitations.read',
  access: 'write',
  params: { sanctumId: 'bigint', userId: 'bigint' },
  text: `
    select i.role, i.invited_by, m.role as inviter_role
    from sanctum_invitations i
    left join memberships m on m.sanctum_id = i.sanctum_id and m.user_id = i.invited_by
    where i.sanctum_id = $1 and i.user_id = $2 and i.declined_at is null and ${isLiveInvitation('i')}
      and not ${isHidden('i.invited_by', '$2')}`,
  budgetMs: 20,
  usesIndex: ['sanctum_invitations_pkey', 'memberships_pkey'],
  sample: { sanctumId: '1', userId: '1' },
  row: z.object({ role: memberRole, invited_by: z.string(), inviter_role: memberRole.nullable() }),
});

/** Answered, withdrawn or void. A declined one stays. */
export const removeInvitation = defineQuery({
  name: 'invitations.remove',
  access: 'write',
  params: { sanctumId: 'bigint', userId: 'bigint' },
  text: `
    delete from sanctum_invitations
    where sanctum_id = $1 and user_id = $2 and declined_at is null
    returning sanctum_id`,
  budgetMs: 20,
  usesIndex: ['sanctum_invitations_pkey'],
  sample: { sanctumId: '1', userId: '1' },
  row: changedRow,
});

export const declineInvitation = defineQuery({
  name: 'invitations.decline',
  access: 'write',
  params: { sanctumId: 'bigint', userId: 'bigint' },
  text: `
    update sanctum_invitations i
    set declined_at = now()
    where i.sanctum_id = $1 and i.user_id = $2 and i.declined_at is null and ${isLiveInvitation('i')}
      and not ${isHidden('i.invited_by', '$2')}
    returning i.sanctum_id`,
  budgetMs: 20,
  usesIndex: ['sanctum_invitations_pkey'],
  sample: { sanctumId: '1', userId: '1' },
  row: changedRow,
});

export const listOfSanctum = defineQuery({
  name: 'invitations.list_of_sanctum',
  access: 'read',
  params: { sanctumId: 'bigint', afterUserId: 'bigint', limit: 'integer' },
  text: `
    select
      json_build_object(
        ${personFields('u')}, 'role', i.role,
        'invitedBy', ${personJson('by')}, 'createdAt', ${isoTime('i.created_at')}
      )::text as item,
      i.user_id as id
    from sanctum_invitations i
    join users u on u.id = i.user_id
    join users by on by.id = i.invited_by
    where i.sanctum_id = $1 and i.user_id > $2 and i.declined_at is null and ${isLiveInvitation('i')}
    order by i.user_id
    limit $3`,
  budgetMs: 30,
  usesIndex: ['sanctum_invitations_pkey', 'users_pkey'],
  sample: { sanctumId: '1', afterUserId: '0', limit: 26 },
  row: z.object({ item: z.string(), id: z.string() }),
});

export const listOfReader = defineQuery({
  name: 'invitations.list_of_reader',
  access: 'read',
  params: { userId: 'bigint', afterSanctumId: 'bigint', limit: 'integer' },
  text: `
    select
      json_build_object(
        'sanctum', json_build_object('name', s.name, 'title', s.title, 'visibility', s.visibility, 'memberCount', s.member_count - ${hiddenMembers('s.id', '$1')}),
        'role', i.role, 'invitedBy', ${personJson('by')}, 'createdAt', ${isoTime('i.created_at')}
      )::text as item,
      i.sanctum_id as id
    from sanctum_invitations i
    join sanctums s on s.id = i.sanctum_id
    join users by on by.id = i.invited_by
    where i.user_id = $1 and i.sanctum_id > $2 and i.declined_at is null and ${isLiveInvitation('i')}
      and not ${isHidden('i.invited_by', '$1')}
    order by i.sanctum_id
    limit $3`,
  budgetMs: 30,
  usesIndex: ['idx_sanctum_invitations_user_id', 'sanctums_pkey', 'users_pkey'],
  sample: { userId: '1', afterSanctumId: '0', limit: 26 },
  row: z.object({ item: z.string(), id: z.string() }),
});

/** An invitation that nobody accepted ends after 30 days, declined or not. */
export const sweep = defineQuery({
  name: 'invitations.sweep',
  access: 'write',
  params: { batchMax: 'integer' },
  text: `
    with old as materialized (
      select sanctum_id, user_id from sanctum_invitations i
      where i.created_at < now() - interval '${invitationDays} days'
      order by created_at limit $1::integer for update skip locked
    ), gone as (
      delete from sanctum_invitations using old
      where sanctum_invitations.sanctum_id = old.sanctum_id and sanctum_invitations.user_id = old.user_id
      returning 1
    )
    select count(*)::integer as count from gone`,
  budgetMs: 500,
  usesIndex: ['idx_sanctum_invitations_created_at'],
  sample: { batchMax: 1000 },
  row: z.object({ count: z.number().int() }),
});
