/** Reading and making conversations. */
import { z } from 'zod';
import { defineQuery, type ParameterDeclaration, type Parameters } from '../../db/query.ts';
import { isBlocked } from '../blocks/blocks.fragments.queries.ts';
import { mayKnowOf, mayReadIn, otherPerson, takesMessages } from './access.fragments.queries.ts';
import { conversationJson, newestMessage } from './conversations.fragments.queries.ts';

/** Later than every time a list can hold: the cursor of the first page. */
export const firstPosition = { activeAt: 'infinity', id: '9223372036854775807' } as const;

/**
 * Conversations of the reader, the last active first. What lies where is looked up for each conversation the reader is in, at most
 * conversationsMax and the sanctums joined; what is shown of it for the page alone.
 */
export const listConversations = defineQuery({
  name: 'conversations.list',
  access: 'read',
  params: { reader: 'bigint', activeAt: 'text', id: 'bigint', limit: 'integer' },
  text: `
    with mine as (
      select m.conversation_id as id, m.role, m.created_at as joined_at
      from conversation_memberships m
      where m.user_id = $1 and m.role <> 'declined'
      union all
      select c.id, m.role, m.created_at
      from memberships m
      join conversations c on c.sanctum_id = m.sanctum_id
      where m.user_id = $1
    ),
    page as materialized (
      select mine.id, mine.role, mine.joined_at, newest.position, newest.created_at,
        coalesce(newest.created_at, mine.joined_at) as active_at
      from mine
      join conversations c on c.id = mine.id
      left join lateral ${newestMessage('c', '$1')} newest on mine.role <> 'invited'
      where c.closed_at is null and not (c.kind = 'direct' and ${isBlocked(otherPerson('c', '$1'), '$1')})
        and (coalesce(newest.created_at, mine.joined_at), mine.id) < ($2::text::timestamptz, $3)
      order by active_at desc, mine.id desc
      limit $4
    )
    select ${conversationJson('$1')}::text as item, place.active_at::text as active_at, c.id
    from page place
    join conversations c on c.id = place.id
    cross join lateral (select place.position, place.created_at) newest
    left join conversation_marks k on k.conversation_id = c.id and k.user_id = $1
    order by place.active_at desc, c.id desc`,
  budgetMs: 50,
  usesIndex: ['idx_conversation_memberships_user_id', 'idx_memberships_user_id', 'messages_pkey'],
  sample: { reader: '1', ...firstPosition, limit: 26 },
  row: z.object({ item: z.string(), active_at: z.string(), id: z.string() }),
});

/** One conversation that the reader knows of, found as `where` says. */
function readConversation<const D extends ParameterDeclaration>(
  name: string,
  params: D,
  where: string,
  usesIndex: readonly string[],
  sample: Parameters<D>,
) {
  return defineQuery({
    name,
    access: 'read',
    params,
    text: `
      select ${conversationJson('$1')}::text as conversation
      from conversations c
      left join conversation_memberships own on own.conversation_id = c.id and own.user_id = $1
      left join memberships joined on joined.sanctum_id = c.sanctum_id and joined.user_id = $1
      cross join lateral (select coalesce(own.role, joined.role) as role, coalesce(own.created_at, joined.created_at) as joined_at) place
      left join lateral ${newestMessage('c', '$1')} newest on place.role <> 'invited'
      left join conversation_marks k on k.conversation_id = c.id and k.user_id = $1
      where ${where} and ${mayKnowOf('c', '$1')}`,
    budgetMs: 20,
    usesIndex,
    sample,
    row: z.object({ conversation: z.string() }),
  });
}

export const readConversationById = readConversation(
  'conversations.read',
  { reader: 'bigint', id: 'bigint' },
  'c.id = $2',
  ['conversations_pkey'],
  { reader: '1', id: '1' },
);

export const readConversationOfSanctum = readConversation(
  'conversations.read_of_sanctum',
  { reader: 'bigint', name: 'text' },
  'c.sanctum_id = (select s.id from sanctums s where lower(s.name) = lower($2))',
  ['idx_conversations_sanctum_id_unique', 'idx_sanctums_name_unique'],
  { reader: '1', name: 'woodworking' },
);

/** A connection asks once for each stream it wants to follow. */
export const mayReadConversation = defineQuery({
  name: 'conversations.may_read',
  access: 'write',
  kind: 'read',
  params: { reader: 'bigint', id: 'bigint' },
  text: `select true as readable from conversations c where c.id = $2 and ${mayReadIn('c', '$1')}`,
  budgetMs: 20,
  usesIndex: ['conversations_pkey'],
  sample: { reader: '1', id: '1' },
  row: z.object({ readable: z.boolean() }),
});

/** People by name, as somebody who wants to write to them finds them: those who are hidden are not there. */
export const findAddressees = defineQuery({
  name: 'conversations.find_addressees',
  access: 'write',
  params: { reader: 'bigint', usernames: 'text[]' },
  text: `
    select u.id, u.username, u.display_name, ${takesMessages('u.id', '$1')} as welcome
    from unnest($2::text[]) as named (username)
    join users u on lower(u.username) = lower(named.username)
    where not ${isBlocked('u.id', '$1')}`,
  budgetMs: 20,
  usesIndex: ['idx_users_username_unique'],
  sample: { reader: '1', usernames: ['ada'] },
  row: z.object({ id: z.string(), username: z.string(), display_name: z.string(), welcome: z.boolean() }),
});

export const findDirect = defineQuery({
  name: 'conversations.find_direct',
  access: 'write',
  params: { low: 'bigint', high: 'bigint' },
  text: `select c.id from conversations c where c.low_user_id = $1 and c.high_user_id = $2`,
  budgetMs: 20,
  usesIndex: ['idx_conversations_pair_unique'],
  sample: { low: '1', high: '2' },
  row: z.object({ id: z.string() }),
});

/** No row when somebody opened it at the same moment. */
export const openDirect = defineQuery({
  name: 'conversations.open_direct',
  access: 'write',
  params: { low: 'bigint', high: 'bigint' },
  text: `
    with opened as (
      insert into conversations (kind, low_user_id, high_user_id) values ('direct', $1, $2)
      on conflict (low_user_id, high_user_id) do nothing
      returning id
    ),
    people as (
      insert into conversation_memberships (conversation_id, user_id, role)
      select opened.id, person.id, 'member' from opened, unnest(array[$1, $2]) as person (id)
    )
    select id from opened`,
  budgetMs: 20,
  usesIndex: [],
  sample: { low: '1', high: '2' },
  row: z.object({ id: z.string() }),
});

export const foundGroup = defineQuery({
  name: 'conversations.found_group',
  access: 'write',
  params: { title: 'text', owner: 'bigint' },
  text: `
    with founded as (insert into conversations (kind, title) values ('group', $1) returning id),
    owner as (insert into conversation_memberships (conversation_id, user_id, role) select id, $2, 'owner' from founded)
    select id from founded`,
  budgetMs: 20,
  usesIndex: [],
  sample: { title: 'Bench talk', owner: '1' },
  row: z.object({ id: z.string() }),
});

/** Every change of a conversation or of who is in it locks it first. No row when it is not there for the person. */
export const lockConversation = defineQuery({
  name: 'conversations.lock',
  access: 'write',
  params: { id: 'bigint' },
  text: `
    select c.kind, c.sanctum_id
    from conversations c
    where c.id = $1 and c.closed_at is null
    for no key update`,
  budgetMs: 50,
  usesIndex: ['conversations_pkey'],
  sample: { id: '1' },
  row: z.object({ kind: z.enum(['direct', 'group', 'sanctum']), sanctum_id: z.string().nullable() }),
});

export const updateConversation = defineQuery({
  name: 'conversations.update',
  access: 'write',
  params: { id: 'bigint', title: 'text?', slow_mode_seconds: 'integer?' },
  text: `
    update conversations
    set title = coalesce($2, title), slow_mode_seconds = coalesce($3, slow_mode_seconds)
    where id = $1
    returning id`,
  budgetMs: 20,
  usesIndex: ['conversations_pkey'],
  sample: { id: '1', title: null, slow_mode_seconds: 10 },
  row: z.object({ id: z.string() }),
});

export const closeConversation = defineQuery({
  name: 'conversations.close',
  access: 'write',
  params: { id: 'bigint' },
  text: `update conversations set closed_at = now() where id = $1 returning id`,
  budgetMs: 20,
  usesIndex: ['conversations_pkey'],
  sample: { id: '1' },
  row: z.object({ id: z.string() }),
});

export const findIdOfSanctum = defineQuery({
  name: 'conversations.find_id_of_sanctum',
  access: 'write',
  params: { sanctum: 'bigint' },
  text: `select c.id from conversations c where c.sanctum_id = $1`,
  budgetMs: 20,
  usesIndex: ['idx_conversations_sanctum_id_unique'],
  sample: { sanctum: '1' },
  row: z.object({ id: z.string() }),
});
