/**
 * Liking a post: exactly once, however many requests arrive at once, in one statement.
 *
 * The rank row is locked first, so changes of one post happen one after the other. The like is inserted (or
 * deleted) only after that lock, and the count and the hot rank move only when it was. What the rank was before is
 * kept with the transaction's id and that of the change before it, in the same statement: feed cursors read the past from it.
 */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { enqueueFrom } from '../../jobs/enqueue.fragments.queries.ts';
import { likeMilestones, notifyJob } from '../notifications/notifications.causes.ts';
import { hotRank } from './posts.fragments.queries.ts';
import { isHiddenIn } from '../blocks/blocks.fragments.queries.ts';
import { mayRead } from '../sanctums/access.fragments.queries.ts';

const likeStateRow = z.object({ like_count: z.number().int(), liked: z.boolean() });

const milestone = `after.like_count in (${likeMilestones.join(', ')})`;

/** The author hears of a round number in the statement that reaches it: nobody else knows of it. */
const told = enqueueFrom(
  notifyJob,
  `json_build_object('kind', 'likes', 'of', 'post', 'id', $1::text, 'count', after.like_count, 'likerId', $2::text)`,
  `(select after.like_count from after where ${milestone}) after`,
);

function text(change: string, step: 1 | -1): string {
  return `
    with locked as materialized (
      select r.post_id, r.like_count, r.hot, r.created_at, r.changed_in
      from post_ranks r
      where r.post_id = $1 and r.listed and ${mayRead('r.sanctum_id', '$2')}
        and not ${isHiddenIn('r.sanctum_id', 'r.author_id', '$2')}
      for no key update
    ),
    changed as (${change}),
    before as (
      insert into post_rank_changes (post_id, hot_before, like_count_before, previous_transaction_id)
      select locked.post_id, locked.hot, locked.like_count, locked.changed_in from locked join changed using (post_id)
    ),
    after as (
      update post_ranks r
      set like_count = locked.like_count + ${step}, hot = ${hotRank(`locked.like_count + ${step}`, 'locked.created_at')}, changed_in = pg_current_xact_id()
      from locked join changed using (post_id)
      where r.post_id = locked.post_id
      returning r.like_count
    )${
      step === 1
        ? `,
    told as (${told})`
        : ''
    }
    select coalesce((select after.like_count from after), locked.like_count) as like_count, ${step === 1} as liked
    from locked${step === 1 ? ' where (select count(told.id) from told) >= 0' : ''}`;
}

/** No row when the reader cannot see the post. */
export const likePost = defineQuery({
  name: 'posts.like',
  access: 'write',
  params: { post_id: 'bigint', reader: 'bigint' },
  text: text(
    `insert into post_likes (post_id, user_id) select locked.post_id, $2 from locked
     on conflict (post_id, user_id) do nothing returning post_likes.post_id`,
    1,
  ),
  budgetMs: 20,
  usesIndex: ['post_ranks_pkey'],
  sample: { post_id: '1', reader: '1' },
  row: likeStateRow,
});

/** No row when the reader cannot see the post. */
export const unlikePost = defineQuery({
  name: 'posts.unlike',
  access: 'write',
  params: { post_id: 'bigint', reader: 'bigint' },
  text: text(`delete from post_likes l using locked where l.post_id = locked.post_id and l.user_id = $2 returning l.post_id`, -1),
  budgetMs: 20,
  usesIndex: ['post_ranks_pkey'],
  sample: { post_id: '1', reader: '1' },
  row: likeStateRow,
});
