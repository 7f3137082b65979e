/** What happened, and whom it concerns. Asked by a job, some time after it happened: what is gone by then concerns nobody. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { isBlocked } from '../blocks/blocks.fragments.queries.ts';
import { mayRead } from '../sanctums/access.fragments.queries.ts';

export const findComment = defineQuery({
  name: 'notifications.find_comment',
  access: 'read',
  params: { commentId: 'bigint' },
  text: `
    select c.author_id, c.post_id, c.body, c.like_count, p.sanctum_id, p.author_id as post_author_id, parent.id as parent_id,
      parent.author_id as parent_author_id
    from comments c
    join posts p on p.id = c.post_id and p.deleted_at is null
    left join comments parent on parent.id = c.parent_id and parent.deleted_at is null
    where c.id = $1 and c.deleted_at is null`,
  budgetMs: 20,
  usesIndex: ['comments_pkey', 'posts_pkey'],
  sample: { commentId: '1' },
  row: z.object({
    author_id: z.string(),
    post_id: z.string(),
    body: z.string(),
    like_count: z.number().int(),
    sanctum_id: z.string(),
    post_author_id: z.string(),
    parent_id: z.string().nullable(),
    parent_author_id: z.string().nullable(),
  }),
});

export const findPost = defineQuery({
  name: 'notifications.find_post',
  access: 'read',
  params: { postId: 'bigint' },
  text: `
    select p.author_id, p.sanctum_id, p.title, p.body from posts p where p.id = $1 and p.deleted_at is null`,
  budgetMs: 20,
  usesIndex: ['posts_pkey'],
  sample: { postId: '1' },
  row: z.object({ author_id: z.string(), sanctum_id: z.string(), title: z.string(), body: z.string() }),
});

/** How often somebody called people in the last hour, counted no further than `countMax`. */
export const countMentions = defineQuery({
  name: 'notifications.count_mentions',
  access: 'read',
  params: { actorId: 'bigint', countMax: 'integer' },
  text: `
    select count(*)::integer as count from (
      select from notification_events e
      join notifications n on n.id = e.notification_id and n.type = 'mention'
      where e.actor_id = $1 and e.created_at > now() - interval '1 hour'
      limit $2
    ) counted`,
  budgetMs: 20,
  usesIndex: ['idx_notification_events_actor'],
  sample: { actorId: '1', countMax: 1000 },
  row: z.object({ count: z.number().int() }),
});

function levelOf(scope: string, id: string): string {
  return `(select l.level from notification_levels l where l.user_id = u.id and l.scope = '${scope}' and l.scope_id = ${id})`;
}

/**
 * Those of the people whom it may be told, with what they chose: not the actor, nobody who does not see the actor or the place, no
 * suspended account. Without a place everyone sees it.
 */
export const findAudience = defineQuery({
  name: 'notifications.find_audience',
  access: 'read',
  params: { ids: 'bigint[]', names: 'text[]', actorId: 'bigint?', sanctumId: 'bigint?', postId: 'bigint?', readable: 'bigint?' },
  text: `
    select u.id, lower(u.username) as name,
      coalesce(${levelOf('post', '$5')}, ${levelOf('sanctum', '$4')}, ${levelOf('account', '0')}, 'all') as place_level,
      coalesce(${levelOf('person', '$3')}, 'all') as person_level
    from (
      select unnest($1::bigint[]) as id
      union
      select named.id from users named where lower(named.username) = any ($2::text[])
    ) meant
    join users u on u.id = meant.id
    where u.id is distinct from $3 and u.suspended_at is null
      and ($6::bigint is null or ${mayRead('$6', 'u.id')})
      and ($3::bigint is null or not ${isBlocked('$3', 'u.id')})
    order by u.id`,
  budgetMs: 50,
  usesIndex: [],
  sample: { ids: ['1'], names: ['ada'], actorId: '1', sanctumId: '1', postId: '1', readable: '1' },
  row: z.object({
    id: z.string(),
    name: z.string(),
    place_level: z.enum(['all', 'mentions', 'none']),
    person_level: z.enum(['all', 'mentions', 'none']),
  }),
});
