/** Who is in a direct conversation or a group. Statements that change it run under the lock of the conversation. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { isoTime } from '../../db/time.fragments.queries.ts';
import { streamPosition } from '../../streams/streams.fragments.queries.ts';
import { isBlocked } from '../blocks/blocks.fragments.queries.ts';
import { showsReceipts } from '../privacy/privacy.fragments.queries.ts';
import { personFields } from '../users/users.fragments.queries.ts';
import { mayKnowOf, mayReadIn, roleIn } from './access.fragments.queries.ts';
import { declinedDays, groupPeopleMax } from './conversations.schema.ts';

const role = z.enum(['owner', 'moderator', 'member', 'invited', 'declined']);
const person = { conversation: 'bigint', user: 'bigint' } as const;
const sample = { conversation: '1', user: '1' } as const;

/** The reader's own role, as it is under the lock. No row when the conversation is not there for them. */
export const readRole = defineQuery({
  name: 'conversations.read_role',
  access: 'write',
  params: person,
  text: `select ${roleIn('c', '$2')} as role from conversations c where c.id = $1 and ${mayKnowOf('c', '$2')}`,
  budgetMs: 20,
  usesIndex: ['conversations_pkey'],
  sample,
  row: z.object({ role: role.exclude(['declined']) }),
});

/**
 * Members and invited people, not those hidden from the reader. A sanctum's are listed by the sanctum: there are none here. No row when
 * the conversation is not there for the reader.
 */
export const listMembers = defineQuery({
  name: 'conversations.list_members',
  access: 'read',
  params: person,
  text: `
    select
      coalesce((
        select json_agg(json_build_object(
            ${personFields('u')}, 'role', g.role,
            'readPosition', case when g.role <> 'invited' and ${showsReceipts('$2')} and ${showsReceipts('g.user_id')}
              then coalesce((
                select k.read_position from conversation_marks k where k.conversation_id = g.conversation_id and k.user_id = g.user_id), 0) end,
            'createdAt', ${isoTime('g.created_at')}) order by g.created_at, g.user_id)
        from (
          select m.* from conversation_memberships m where m.conversation_id = c.id and m.role <> 'declined' limit ${groupPeopleMax}
        ) g
        join users u on u.id = g.user_id
        where not ${isBlocked('g.user_id', '$2')}), '[]'::json)::text as items,
      ${streamPosition({ kind: 'conversation', id: 'c.id' })} as position
    from conversations c
    where c.id = $1 and ${mayReadIn('c', '$2')}`,
  budgetMs: 50,
  usesIndex: ['conversations_pkey', 'conversation_memberships_pkey'],
  sample,
  row: z.object({ items: z.string(), position: z.string() }),
});

/** Of the people given, those who can be invited now: nobody who is in, is invited, or declined not long ago. */
export const invite = defineQuery({
  name: 'conversations.invite',
  access: 'write',
  params: { conversation: 'bigint', users: 'bigint[]', inviter: 'bigint' },
  text: `
    insert into conversation_memberships as m (conversation_id, user_id, role, invited_by)
    select $1, invited.id, 'invited', $3 from unnest($2::bigint[]) as invited (id)
    on conflict (conversation_id, user_id) do update set role = 'invited', invited_by = excluded.invited_by, created_at = now()
    where m.role = 'declined' and m.created_at < now() - interval '${declinedDays} days'
    returning m.user_id`,
  budgetMs: 20,
  usesIndex: [],
  sample: { conversation: '1', users: ['1'], inviter: '1' },
  row: z.object({ user_id: z.string() }),
});

/** Whether one of the people declined. */
export const hasDeclined = defineQuery({
  name: 'conversations.has_declined',
  access: 'write',
  params: { conversation: 'bigint', users: 'bigint[]' },
  text: `
    select exists (
      select from conversation_memberships m where m.conversation_id = $1 and m.user_id = any ($2::bigint[]) and m.role = 'declined'
    ) as declined`,
  budgetMs: 20,
  usesIndex: ['conversation_memberships_pkey'],
  sample: { conversation: '1', users: ['1'] },
  row: z.object({ declined: z.boolean() }),
});

/** Members and invited people of a group, counted for its limit. */
export const countPeople = defineQuery({
  name: 'conversations.count_people',
  access: 'write',
  params: { conversation: 'bigint' },
  text: `
    select count(*)::integer as count
    from conversation_memberships m
    where m.conversation_id = $1 and m.role <> 'declined'`,
  budgetMs: 20,
  usesIndex: ['conversation_memberships_pkey'],
  sample: { conversation: '1' },
  row: z.object({ count: z.int() }),
});

/** Conversations the person is in, counted no further than `countMax`. */
export const countOwn = defineQuery({
  name: 'conversations.count_own',
  access: 'write',
  params: { user: 'bigint', countMax: 'integer' },
  text: `
    select count(*)::integer as count
    from (select from conversation_memberships m where m.user_id = $1 and m.role in ('owner', 'member') limit $2) counted`,
  budgetMs: 20,
  usesIndex: ['idx_conversation_memberships_user_id'],
  sample: { user: '1', countMax: 1000 },
  row: z.object({ count: z.int() }),
});

/** What was written before is not unread for who comes in. No row when the person is not invited. */
export const acceptInvitation = defineQuery({
  name: 'conversations.accept',
  access: 'write',
  params: person,
  text: `
    with accepted as (
      update conversation_memberships m set role = 'member', created_at = now()
      where m.conversation_id = $1 and m.user_id = $2 and m.role = 'invited'
      returning m.conversation_id, m.user_id
    ),
    marked as (
      insert into conversation_marks as k (conversation_id, user_id, read_position)
      select a.conversation_id, a.user_id, ${streamPosition({ kind: 'conversation', id: '$1' })} from accepted a
      on conflict (conversation_id, user_id) do update set read_position = greatest(k.read_position, excluded.read_position)
    )
    select user_id from accepted`,
  budgetMs: 20,
  usesIndex: ['conversation_memberships_pkey'],
  sample,
  row: z.object({ user_id: z.string() }),
});

/** The declined row stays, so that the invitation is not repeated at once. No row when the person is not invited. */
export const declineInvitation = defineQuery({
  name: 'conversations.decline',
  access: 'write',
  params: person,
  text: `
    update conversation_memberships m set role = 'declined', created_at = now()
    where m.conversation_id = $1 and m.user_id = $2 and m.role = 'invited'
    returning m.user_id`,
  budgetMs: 20,
  usesIndex: ['conversation_memberships_pkey'],
  sample,
  row: z.object({ user_id: z.string() }),
});

/** The membership, or invitation, and the marks. No row when there was none. */
export const removeMember = defineQuery({
  name: 'conversations.remove_member',
  access: 'write',
  params: person,
  text: `
    with forgotten as (delete from conversation_marks k where k.conversation_id = $1 and k.user_id = $2)
    delete from conversation_memberships m
    where m.conversation_id = $1 and m.user_id = $2 and m.role <> 'declined'
    returning m.role`,
  budgetMs: 20,
  usesIndex: ['conversation_memberships_pkey'],
  sample,
  row: z.object({ role }),
});

/** Whoever is in longest becomes the owner. No row when nobody is left who could. */
export const passOwnership = defineQuery({
  name: 'conversations.pass_ownership',
  access: 'write',
  params: { conversation: 'bigint' },
  text: `
    update conversation_memberships m set role = 'owner'
    where m.conversation_id = $1 and m.user_id = (
      select heir.user_id from conversation_memberships heir
      where heir.conversation_id = $1 and heir.role = 'member' order by heir.created_at, heir.user_id limit 1)
    returning m.user_id, (select u.username from users u where u.id = m.user_id) as username,
      (select u.display_name from users u where u.id = m.user_id) as display_name`,
  budgetMs: 20,
  usesIndex: ['conversation_memberships_pkey'],
  sample: { conversation: '1' },
  row: z.object({ user_id: z.string(), username: z.string(), display_name: z.string() }),
});

/** A person of the group by name, as one who is in it sees them. */
export const findMember = defineQuery({
  name: 'conversations.find_member',
  access: 'write',
  params: { conversation: 'bigint', username: 'text' },
  text: `
    select u.id, u.username, u.display_name, m.role
    from users u
    join conversation_memberships m on m.conversation_id = $1 and m.user_id = u.id
    where lower(u.username) = lower($2) and m.role <> 'declined'`,
  budgetMs: 20,
  usesIndex: ['idx_users_username_unique', 'conversation_memberships_pkey'],
  sample: { conversation: '1', username: 'ada' },
  row: z.object({ id: z.string(), username: z.string(), display_name: z.string(), role: role.exclude(['declined']) }),
});

/** The person as events name them. */
export const readPerson = defineQuery({
  name: 'conversations.read_person',
  access: 'write',
  params: { user: 'bigint' },
  text: `select u.username, u.display_name from users u where u.id = $1`,
  budgetMs: 20,
  usesIndex: ['users_pkey'],
  sample: { user: '1' },
  row: z.object({ username: z.string(), display_name: z.string() }),
});
