/** Statements about memberships. The count in `sanctums` moves in the same statement as the row it counts. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { isoTime } from '../../db/time.fragments.queries.ts';
import { isHidden, isHiddenIn } from '../blocks/blocks.fragments.queries.ts';
import { personFields } from '../users/users.fragments.queries.ts';
import { isLiveInvitation } from './invitations.fragments.queries.ts';

const memberRole = z.enum(['owner', 'moderator', 'member']);
const changedRow = z.object({ sanctum_id: z.string() });

const memberListRow = z.object({ item: z.string().nullable(), user_id: z.string().nullable(), visible: z.boolean() });

/** A person by name, with the place they have in the sanctum, are kept from, or are offered. */
export const readCandidate = defineQuery({
  name: 'memberships.read_candidate',
  access: 'write',
  params: { sanctumId: 'bigint', username: 'text', readerId: 'bigint' },
  text: `
    select
      u.id, u.username, u.display_name, m.role, m.created_at, b.user_id is not null as banned,
      i.role as invited_role, i.declined_at is not null as declined, ${isHidden('u.id', '$3')} as hidden
    from users u
    left join memberships m on m.sanctum_id = $1 and m.user_id = u.id
    left join sanctum_bans b on b.sanctum_id = $1 and b.user_id = u.id
    left join sanctum_invitations i on i.sanctum_id = $1 and i.user_id = u.id and ${isLiveInvitation('i')}
    where lower(u.username) = lower($2)`,
  budgetMs: 20,
  usesIndex: ['idx_users_username_unique', 'memberships_pkey', 'sanctum_bans_pkey', 'sanctum_invitations_pkey'],
  sample: { sanctumId: '1', username: 'ada', readerId: '1' },
  row: z.object({
    id: z.string(),
    username: z.string(),
    display_name: z.string(),
    role: memberRole.nullable(),
    created_at: z.date().nullable(),
    banned: z.boolean(),
    invited_role: memberRole.nullable(),
    declined: z.boolean(),
    hidden: z.boolean(),
  }),
});

/** No row when the membership was there already. */
export const addMembership = defineQuery({
  name: 'memberships.add',
  access: 'write',
  params: { sanctumId: 'bigint', userId: 'bigint', role: 'text' },
  text: `
    with added as (
      insert into memberships (sanctum_id, user_id, role)
      values ($1, $2, $3)
      on conflict do nothing
      returning sanctum_id, created_at
    ),
    counted as (
      update sanctums s
      set member_count = s.member_count + 1
      from added
      where s.id = added.sanctum_id
    )
    select sanctum_id, created_at from added`,
  budgetMs: 50,
  usesIndex: ['sanctums_pkey'],
  sample: { sanctumId: '1', userId: '1', role: 'member' },
  row: changedRow.extend({ created_at: z.date() }),
});

/** No row when there was nothing to remove. */
export const removeMembership = defineQuery({
  name: 'memberships.remove',
  access: 'write',
  params: { sanctumId: 'bigint', userId: 'bigint' },
  text: `
    with removed as (
      delete from memberships
      where sanctum_id = $1 and user_id = $2
      returning sanctum_id
    ),
    counted as (
      update sanctums s
      set member_count = s.member_count - 1
      from removed
      where s.id = removed.sanctum_id
    )
    select sanctum_id from removed`,
  budgetMs: 50,
  usesIndex: ['memberships_pkey', 'sanctums_pkey'],
  sample: { sanctumId: '1', userId: '1' },
  row: changedRow,
});

export const changeRole = defineQuery({
  name: 'memberships.change_role',
  access: 'write',
  params: { sanctumId: 'bigint', userId: 'bigint', role: 'text' },
  text: `
    update memberships
    set role = $3
    where sanctum_id = $1 and user_id = $2
    returning sanctum_id`,
  budgetMs: 50,
  usesIndex: ['memberships_pkey'],
  sample: { sanctumId: '1', userId: '1', role: 'moderator' },
  row: changedRow,
});

export const changeOwner = defineQuery({
  name: 'memberships.change_owner',
  access: 'write',
  params: { sanctumId: 'bigint', ownerId: 'bigint' },
  text: `
    update sanctums
    set owner_id = $2, updated_at = now()
    where id = $1
    returning id as sanctum_id`,
  budgetMs: 50,
  usesIndex: ['sanctums_pkey'],
  sample: { sanctumId: '1', ownerId: '1' },
  row: changedRow,
});

/** One row without a member when the page is empty: a sanctum that is not there gives no row at all. */
export const listMembers = defineQuery({
  name: 'memberships.list',
  access: 'read',
  params: { name: 'text', readerId: 'bigint?', afterUserId: 'bigint', limit: 'integer' },
  text: `
    select page.item, page.user_id, place.visible
    from (
      select s.id, s.visibility = 'public' or own.user_id is not null as visible
      from sanctums s
      left join memberships own on own.sanctum_id = s.id and own.user_id = $2
      where lower(s.name) = lower($1)
    ) place
    left join lateral (
      select
        json_build_object(${personFields('u')}, 'role', m.role, 'createdAt', ${isoTime('m.created_at')})::text as item,
        m.user_id
      from memberships m
      join users u on u.id = m.user_id
      where m.sanctum_id = place.id and m.user_id > $3 and place.visible and not ${isHiddenIn('m.sanctum_id', 'm.user_id', '$2')}
      order by m.user_id
      limit $4
    ) page on true
    order by page.user_id`,
  budgetMs: 30,
  usesIndex: ['idx_sanctums_name_unique', 'memberships_pkey', 'users_pkey'],
  sample: { name: 'woodworking', readerId: '1', afterUserId: '0', limit: 26 },
  row: memberListRow,
});
