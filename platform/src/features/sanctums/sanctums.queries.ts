/** Statements about sanctums. Lists are one statement each and build their own JSON. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { hiddenMembers } from '../blocks/blocks.fragments.queries.ts';
import { sanctumJson } from './sanctums.fragments.queries.ts';

const visibility = z.enum(['public', 'private']);
const memberRole = z.enum(['owner', 'moderator', 'member']);

const sanctumRow = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  description: z.string(),
  visibility,
  member_count: z.int(),
  created_at: z.date(),
  role: memberRole.nullable(),
});
export type SanctumRow = z.output<typeof sanctumRow>;

const listRow = z.object({ item: z.string(), id: z.string() });
export type ListRow = z.output<typeof listRow>;

/** Above every position a list can hold. */
const memberCountCeiling = 2_147_483_647;
const idCeiling = '9223372036854775807';
/** Where the first page begins. */
export const beforeAllSanctums = '0';

/**
 * Sanctums behind the one of this id, biggest first. The position is looked up and not carried along: the true count, members who are hidden
 * from the reader included, stands in no cursor.
 */
function isBehind(sanctum: string, afterId: string): string {
  return `(${sanctum}.member_count, ${sanctum}.id) < (
      coalesce((select behind.member_count from sanctums behind where behind.id = ${afterId}), ${memberCountCeiling}),
      coalesce((select behind.id from sanctums behind where behind.id = ${afterId}), ${idCeiling}))`;
}

export const createSanctum = defineQuery({
  name: 'sanctums.create',
  access: 'write',
  params: { name: 'text', title: 'text', description: 'text', visibility: 'text', ownerId: 'bigint' },
  text: `
    with sanctum as (
      insert into sanctums (name, title, description, visibility, owner_id, member_count)
      values ($1, $2, $3, $4, $5, 1)
      returning *
    ),
    membership as (
      insert into memberships (sanctum_id, user_id, role)
      select id, owner_id, 'owner' from sanctum
    ),
    conversation as (
      insert into conversations (sanctum_id)
      select id from sanctum
    )
    select id, name, title, description, visibility, member_count, created_at, 'owner' as role
    from sanctum`,
  budgetMs: 50,
  usesIndex: [],
  sample: { name: 'woodworking', title: 'Woodworking', description: '', visibility: 'public', ownerId: '1' },
  row: sanctumRow,
});

export const readSanctum = defineQuery({
  name: 'sanctums.read',
  access: 'read',
  params: { name: 'text', readerId: 'bigint?' },
  text: `
    select s.id, s.name, s.title, s.description, s.visibility,
      s.member_count - ${hiddenMembers('s.id', '$2')} as member_count, s.created_at, m.role
    from sanctums s
    left join memberships m on m.sanctum_id = s.id and m.user_id = $2
    where lower(s.name) = lower($1)`,
  budgetMs: 20,
  usesIndex: ['idx_sanctums_name_unique', 'memberships_pkey'],
  sample: { name: 'woodworking', readerId: '1' },
  row: sanctumRow,
});

/** Every change of a sanctum or its memberships locks the sanctum first: changes happen one after the other. */
export const lockSanctum = defineQuery({
  name: 'sanctums.lock',
  access: 'write',
  params: { name: 'text' },
  text: `
    select id, visibility
    from sanctums
    where lower(name) = lower($1)
    for no key update`,
  budgetMs: 50,
  usesIndex: ['idx_sanctums_name_unique'],
  sample: { name: 'woodworking' },
  row: z.object({ id: z.string(), visibility }),
});

/** Also keeps new posts out, which would be ranked by the visibility that is about to change. */
export const lockSanctumAgainstPosts = defineQuery({
  name: 'sanctums.lock_against_posts',
  access: 'write',
  params: { name: 'text' },
  text: `
    select id, visibility
    from sanctums
    where lower(name) = lower($1)
    for update`,
  budgetMs: 100,
  usesIndex: ['idx_sanctums_name_unique'],
  sample: { name: 'woodworking' },
  row: z.object({ id: z.string(), visibility }),
});

export const updateSanctum = defineQuery({
  name: 'sanctums.update',
  access: 'write',
  params: { sanctumId: 'bigint', title: 'text?', description: 'text?', visibility: 'text?' },
  text: `
    update sanctums
    set
      title = coalesce($2, title),
      description = coalesce($3, description),
      visibility = coalesce($4, visibility),
      private_since = case
        when coalesce($4, visibility) = 'public' then null
        when visibility = 'public' then now()
        else private_since
      end,
      updated_at = now()
    where id = $1
    returning id`,
  budgetMs: 50,
  usesIndex: ['sanctums_pkey'],
  sample: { sanctumId: '1', title: null, description: null, visibility: null },
  row: z.object({ id: z.string() }),
});

/** True when anyone but `exceptId` joined a private sanctum or wrote in it since it is private, and that is still there. */
export const holdsPrivateTraces = defineQuery({
  name: 'sanctums.holds_private_traces',
  access: 'write',
  params: { sanctumId: 'bigint', exceptId: 'bigint' },
  text: `
    select
      exists (
        select from memberships m where m.sanctum_id = s.id and m.user_id <> $2 and m.created_at >= coalesce(s.private_since, s.created_at)
      ) or exists (
        select from posts p
        where p.sanctum_id = s.id and p.author_id <> $2 and p.deleted_at is null
          and p.created_at >= coalesce(s.private_since, s.created_at)
      ) or exists (
        select from posts p join comments c on c.post_id = p.id
        where p.sanctum_id = s.id and p.deleted_at is null and c.author_id <> $2 and c.deleted_at is null
          and c.created_at >= coalesce(s.private_since, s.created_at)
      ) as found
    from sanctums s
    where s.id = $1`,
  budgetMs: 1000,
  usesIndex: ['sanctums_pkey', 'idx_posts_sanctum_id'],
  sample: { sanctumId: '1', exceptId: '1' },
  row: z.object({ found: z.boolean() }),
});

export const listSanctums = defineQuery({
  name: 'sanctums.list',
  access: 'read',
  params: { readerId: 'bigint?', afterId: 'bigint', limit: 'integer' },
  text: `
    select ${sanctumJson('s', 'm.role', '$1')}::text as item, s.id
    from sanctums s
    left join memberships m on m.sanctum_id = s.id and m.user_id = $1
    where ${isBehind('s', '$2')}
    order by s.member_count desc, s.id desc
    limit $3`,
  budgetMs: 30,
  usesIndex: ['idx_sanctums_member_count', 'memberships_pkey'],
  sample: { readerId: '1', afterId: beforeAllSanctums, limit: 26 },
  row: listRow,
});

export const listMySanctums = defineQuery({
  name: 'sanctums.list_mine',
  access: 'read',
  params: { readerId: 'bigint', afterId: 'bigint', limit: 'integer' },
  text: `
    select ${sanctumJson('s', 'm.role', '$1')}::text as item, s.id
    from memberships m
    join sanctums s on s.id = m.sanctum_id
    where m.user_id = $1 and ${isBehind('s', '$2')}
    order by s.member_count desc, s.id desc
    limit $3`,
  budgetMs: 30,
  usesIndex: ['idx_memberships_user_id'],
  sample: { readerId: '1', afterId: beforeAllSanctums, limit: 26 },
  row: listRow,
});

export const readRole = defineQuery({
  name: 'sanctums.read_role',
  access: 'write',
  params: { sanctumId: 'bigint', userId: 'bigint' },
  text: `select role from memberships where sanctum_id = $1 and user_id = $2`,
  budgetMs: 20,
  usesIndex: ['memberships_pkey'],
  sample: { sanctumId: '1', userId: '1' },
  row: z.object({ role: memberRole }),
});
