/** Writing comments. Locks are always taken in the same order: comment, then its parent, then the post's rank. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { isHiddenIn } from '../blocks/blocks.fragments.queries.ts';
import { isBanned, mayRead, moderates } from '../sanctums/access.fragments.queries.ts';
import { commentJson } from './comments.fragments.queries.ts';
import { commentDepthMax } from './comments.schema.ts';

const jsonRow = z.object({ comment: z.string() });

/**
 * The comment, its parent's count and the post's count in one statement. No row when the post is not there for the
 * author, or the parent is not there, deleted or too deep.
 */
export const insertComment = defineQuery({
  name: 'comments.insert',
  access: 'write',
  params: { post_id: 'bigint', author: 'bigint', admin: 'boolean', parent_id: 'bigint?', body: 'text', body_html: 'text' },
  text: `
    with place as materialized (
      select p.id, p.sanctum_id from posts p
      where p.id = $1 and p.deleted_at is null and ${mayRead('p.sanctum_id', '$2')} and not ${isBanned('p.sanctum_id', '$2')}
        and not ${isHiddenIn('p.sanctum_id', 'p.author_id', '$2')}
    ),
    parent as (
      update comments c set child_count = c.child_count + 1
      from place
      where c.id = $4 and c.post_id = place.id and c.deleted_at is null and c.depth < ${commentDepthMax}
        and not ${isHiddenIn('place.sanctum_id', 'c.author_id', '$2')}
      returning c.id, c.depth
    ),
    comment as (
      insert into comments (post_id, parent_id, author_id, depth, body, body_html)
      select place.id, parent.id, $2, coalesce(parent.depth + 1, 0), $5, $6
      from place left join parent on true
      where $4::bigint is null or parent.id is not null
      returning *
    ),
    counted as (
      update post_ranks r set comment_count = r.comment_count + 1
      from comment where r.post_id = comment.post_id
    )
    select comment.id, ${commentJson({ comment: 'comment', reader: '$2', admin: '$3', sanctumId: 'place.sanctum_id' })}::text as comment
    from comment, place`,
  budgetMs: 20,
  usesIndex: ['posts_pkey', 'comments_pkey', 'post_ranks_pkey'],
  sample: { post_id: '1', author: '1', admin: false, parent_id: null, body: 'Well said.', body_html: '<p>Well said.</p>' },
  row: jsonRow.extend({ id: z.string() }),
});

/** Tells why a comment could not be written. No row when the post is not there for the reader. */
export const findParent = defineQuery({
  name: 'comments.find_parent',
  access: 'read',
  params: { post_id: 'bigint', reader: 'bigint?', parent_id: 'bigint?' },
  text: `
    select ${isBanned('p.sanctum_id', '$2')} as banned, (
      select c.depth from comments c where c.id = $3 and c.post_id = p.id and c.deleted_at is null and not ${isHiddenIn('p.sanctum_id', 'c.author_id', '$2')}
    )::integer as parent_depth
    from posts p
    where p.id = $1 and p.deleted_at is null and ${mayRead('p.sanctum_id', '$2')}
      and not ${isHiddenIn('p.sanctum_id', 'p.author_id', '$2')}`,
  budgetMs: 10,
  usesIndex: ['posts_pkey'],
  sample: { post_id: '1', reader: '1', parent_id: null },
  row: z.object({ banned: z.boolean(), parent_depth: z.number().int().nullable() }),
});

export const updateComment = defineQuery({
  name: 'comments.update',
  access: 'write',
  params: { comment_id: 'bigint', author: 'bigint', admin: 'boolean', body: 'text', body_html: 'text' },
  text: `
    with comment as (
      update comments c set body = $4, body_html = $5, edited_at = now()
      from posts p
      where c.id = $1 and c.author_id = $2 and c.deleted_at is null
        and p.id = c.post_id and p.deleted_at is null
        and ${mayRead('p.sanctum_id', '$2')} and not ${isBanned('p.sanctum_id', '$2')}
        and not ${isHiddenIn('p.sanctum_id', 'p.author_id', '$2')}
      returning c.*, p.sanctum_id
    )
    select ${commentJson({ comment: 'comment', reader: '$2', admin: '$3', sanctumId: 'comment.sanctum_id' })}::text as comment
    from comment`,
  budgetMs: 20,
  usesIndex: ['comments_pkey', 'posts_pkey'],
  sample: { comment_id: '1', author: '1', admin: false, body: 'Well said.', body_html: '<p>Well said.</p>' },
  row: jsonRow,
});

/** Locks the comment that is to be deleted. No row when the reader may not delete it; authors may, also after they left the sanctum. */
export const lockForDeletion = defineQuery({
  name: 'comments.lock_for_deletion',
  access: 'write',
  params: { comment_id: 'bigint', reader: 'bigint', admin: 'boolean' },
  text: `
    select c.post_id, c.child_count, c.author_id, p.sanctum_id
    from comments c join posts p on p.id = c.post_id
    where c.id = $1 and c.deleted_at is null and p.deleted_at is null
      and ($3 or c.author_id = $2 or ${moderates('p.sanctum_id', '$2')})
    for update of c`,
  budgetMs: 20,
  usesIndex: ['comments_pkey', 'posts_pkey'],
  sample: { comment_id: '1', reader: '1', admin: false },
  row: z.object({ post_id: z.string(), child_count: z.number().int(), author_id: z.string(), sanctum_id: z.string() }),
});

/** Answers hang below it: its place stays, its text and its likes go. */
export const entombComment = defineQuery({
  name: 'comments.entomb',
  access: 'write',
  params: { comment_id: 'bigint' },
  text: `
    with forgotten as (delete from comment_likes l where l.comment_id = $1)
    update comments c set deleted_at = now(), body = '-', body_html = '', like_count = 0 where c.id = $1`,
  budgetMs: 20,
  usesIndex: ['comments_pkey'],
  sample: { comment_id: '1' },
  row: z.object({}),
});

/**
 * Removes a comment without answers. Returns its parent when that is now a deleted comment without answers, which
 * has no reason to stay either.
 */
export const removeLeaf = defineQuery({
  name: 'comments.remove_leaf',
  access: 'write',
  params: { comment_id: 'bigint' },
  text: `
    with gone as (delete from comments c where c.id = $1 and c.child_count = 0 returning c.parent_id)
    update comments p set child_count = p.child_count - 1
    from gone where p.id = gone.parent_id
    returning case when p.child_count = 0 and p.deleted_at is not null then p.id end as empty_parent_id`,
  budgetMs: 20,
  usesIndex: ['comments_pkey'],
  sample: { comment_id: '1' },
  row: z.object({ empty_parent_id: z.string().nullable() }),
});

/** Deleted comments are not counted, whether their place stays or not. */
export const uncountComment = defineQuery({
  name: 'comments.uncount',
  access: 'write',
  params: { post_id: 'bigint' },
  text: `update post_ranks r set comment_count = r.comment_count - 1 where r.post_id = $1`,
  budgetMs: 20,
  usesIndex: ['post_ranks_pkey'],
  sample: { post_id: '1' },
  row: z.object({}),
});

/** Tells "not there" from "not yours" for readers who may see the comment. */
export const commentIsReadable = defineQuery({
  name: 'comments.is_readable',
  access: 'read',
  params: { comment_id: 'bigint', reader: 'bigint?' },
  text: `
    select true as readable from comments c join posts p on p.id = c.post_id
    where c.id = $1 and c.deleted_at is null and p.deleted_at is null and ${mayRead('p.sanctum_id', '$2')}
      and not ${isHiddenIn('p.sanctum_id', 'p.author_id', '$2')} and not ${isHiddenIn('p.sanctum_id', 'c.author_id', '$2')}`,
  budgetMs: 10,
  usesIndex: ['comments_pkey', 'posts_pkey'],
  sample: { comment_id: '1', reader: '1' },
  row: z.object({ readable: z.boolean() }),
});
