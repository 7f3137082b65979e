/** Liking a comment: the comment's row is locked first, so that the count moves only with a like that came or went. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { enqueueFrom } from '../../jobs/enqueue.fragments.queries.ts';
import { isHiddenIn } from '../blocks/blocks.fragments.queries.ts';
import { likeMilestones, notifyJob } from '../notifications/notifications.causes.ts';
import { mayRead } from '../sanctums/access.fragments.queries.ts';

const milestone = `after.like_count in (${likeMilestones.join(', ')})`;

/** The author hears of a round number in the statement that reaches it: nobody else knows of it. */
const told = enqueueFrom(
  notifyJob,
  `json_build_object('kind', 'likes', 'of', 'comment', 'id', $1::text, 'count', after.like_count, 'likerId', $2::text)`,
  `(select after.like_count from after where ${milestone}) after`,
);

function text(change: string, step: 1 | -1): string {
  return `
    with locked as materialized (
      select c.id, c.like_count
      from comments c join posts p on p.id = c.post_id
      where c.id = $1 and c.deleted_at is null and p.deleted_at is null and ${mayRead('p.sanctum_id', '$2')}
        and not ${isHiddenIn('p.sanctum_id', 'p.author_id', '$2')} and not ${isHiddenIn('p.sanctum_id', 'c.author_id', '$2')}
      for no key update of c
    ),
    changed as (${change}),
    after as (
      update comments c set like_count = locked.like_count + ${step}
      from locked join changed on changed.comment_id = locked.id
      where c.id = locked.id
      returning c.like_count
    )${
      step === 1
        ? `,
    told as (${told})`
        : ''
    }
    select coalesce((select after.like_count from after), locked.like_count) as like_count, ${step === 1} as liked
    from locked${step === 1 ? ' where (select count(told.id) from told) >= 0' : ''}`;
}

const params = { comment_id: 'bigint', reader: 'bigint' } as const;
const sample = { comment_id: '1', reader: '1' };
const likeStateRow = z.object({ like_count: z.number().int(), liked: z.boolean() });

/** No row when the reader cannot see the comment. */
export const likeComment = defineQuery({
  name: 'comments.like',
  access: 'write',
  params,
  text: text(
    `insert into comment_likes (comment_id, user_id) select locked.id, $2 from locked
     on conflict (comment_id, user_id) do nothing returning comment_likes.comment_id`,
    1,
  ),
  budgetMs: 20,
  usesIndex: ['comments_pkey', 'posts_pkey'],
  sample,
  row: likeStateRow,
});

/** No row when the reader cannot see the comment. */
export const unlikeComment = defineQuery({
  name: 'comments.unlike',
  access: 'write',
  params,
  text: text('delete from comment_likes l using locked where l.comment_id = locked.id and l.user_id = $2 returning l.comment_id', -1),
  budgetMs: 20,
  usesIndex: ['comments_pkey', 'posts_pkey'],
  sample,
  row: likeStateRow,
});
