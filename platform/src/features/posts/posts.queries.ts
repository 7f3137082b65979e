/** Reading and writing one post. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { hotRank, postJson } from './posts.fragments.queries.ts';
import { isHiddenIn } from '../blocks/blocks.fragments.queries.ts';
import { isMember, mayRead, moderates } from '../sanctums/access.fragments.queries.ts';

const jsonRow = z.object({ post: z.string() });

/** The whole post, when the reader may see it. */
export const findPost = defineQuery({
  name: 'posts.find',
  access: 'read',
  params: { post_id: 'bigint', reader: 'bigint?', admin: 'boolean' },
  text: `
    select ${postJson({ post: 'p', rank: 'r', reader: '$2', admin: '$3', body: 'full' })}::text as post
    from posts p join post_ranks r on r.post_id = p.id
    where p.id = $1 and p.deleted_at is null and ${mayRead('p.sanctum_id', '$2')}
      and not ${isHiddenIn('p.sanctum_id', 'p.author_id', '$2')}`,
  budgetMs: 10,
  usesIndex: ['posts_pkey', 'post_ranks_pkey'],
  sample: { post_id: '1', reader: '1', admin: false },
  row: jsonRow,
});

/** Post and rank in one statement; no row when the sanctum is not there or the author is not a member. */
export const insertPost = defineQuery({
  name: 'posts.insert',
  access: 'write',
  params: {
    sanctum: 'text',
    author: 'bigint',
    admin: 'boolean',
    kind: 'text',
    title: 'text',
    body: 'text',
    body_html: 'text',
    url: 'text?',
  },
  text: `
    with place as (
      select s.id, s.visibility
      from sanctums s join memberships m on m.sanctum_id = s.id and m.user_id = $2
      where lower(s.name) = lower($1)
      -- The visibility cannot change before this post is ranked by it (sanctums.lock_against_posts).
      for key share of s
    ),
    post as (
      insert into posts (sanctum_id, author_id, kind, title, body, body_html, url, is_public)
      select place.id, $2, $4, $5, $6, $7, $8, place.visibility = 'public' from place
      returning *
    ),
    rank as (
      insert into post_ranks (post_id, sanctum_id, author_id, hot, popular, created_at)
      select post.id, post.sanctum_id, post.author_id, ${hotRank('0', 'post.created_at')}, place.visibility = 'public', post.created_at
      from post, place
      returning *
    )
    select post.id, ${postJson({ post: 'post', rank: 'rank', reader: '$2', admin: '$3', body: 'full' })}::text as post
    from post, rank`,
  budgetMs: 20,
  usesIndex: [],
  sample: { sanctum: 'woodworking', author: '1', admin: false, kind: 'text', title: 'A title', body: '', body_html: '', url: null },
  row: jsonRow.extend({ id: z.string() }),
});

/** Null keeps what is there. Only the author's own post, as long as the author is a member. */
export const updatePost = defineQuery({
  name: 'posts.update',
  access: 'write',
  params: { post_id: 'bigint', author: 'bigint', admin: 'boolean', title: 'text?', body: 'text?', body_html: 'text?' },
  text: `
    with post as (
      update posts p
      set title = coalesce($4, p.title), body = coalesce($5, p.body), body_html = coalesce($6, p.body_html), edited_at = now()
      where p.id = $1 and p.author_id = $2 and p.deleted_at is null and ${isMember('p.sanctum_id', '$2')}
      returning *
    )
    select ${postJson({ post: 'post', rank: 'r', reader: '$2', admin: '$3', body: 'full' })}::text as post
    from post join post_ranks r on r.post_id = post.id`,
  budgetMs: 20,
  usesIndex: ['posts_pkey', 'post_ranks_pkey'],
  sample: { post_id: '1', author: '1', admin: false, title: null, body: null, body_html: null },
  row: jsonRow,
});

/** Hides the post from every list in the same statement. Authors may, also after they left the sanctum. */
export const deletePost = defineQuery({
  name: 'posts.delete',
  access: 'write',
  params: { post_id: 'bigint', reader: 'bigint', admin: 'boolean' },
  text: `
    with post as (
      update posts p set deleted_at = now()
      where p.id = $1 and p.deleted_at is null
        and ($3 or p.author_id = $2 or ${moderates('p.sanctum_id', '$2')})
      returning p.id, p.author_id, p.sanctum_id
    )
    update post_ranks r set listed = false, popular = false
    from post where r.post_id = post.id
    returning post.author_id, post.sanctum_id`,
  budgetMs: 20,
  usesIndex: ['posts_pkey', 'post_ranks_pkey'],
  sample: { post_id: '1', reader: '1', admin: false },
  row: z.object({ author_id: z.string(), sanctum_id: z.string() }),
});

/** Tells "not there" from "not yours" for readers who may see the post. */
export const postIsReadable = defineQuery({
  name: 'posts.is_readable',
  access: 'read',
  params: { post_id: 'bigint', reader: 'bigint?' },
  text: `
    select true as readable from posts p
    where p.id = $1 and p.deleted_at is null and ${mayRead('p.sanctum_id', '$2')}
      and not ${isHiddenIn('p.sanctum_id', 'p.author_id', '$2')}`,
  budgetMs: 10,
  usesIndex: ['posts_pkey'],
  sample: { post_id: '1', reader: '1' },
  row: z.object({ readable: z.boolean() }),
});

/** Tells why a post could not be created: no sanctum to see, or one the reader has not joined. */
export const sanctumIsReadable = defineQuery({
  name: 'posts.sanctum_is_readable',
  access: 'read',
  params: { sanctum: 'text', reader: 'bigint?' },
  text: `select true as readable from sanctums s where lower(s.name) = lower($1) and ${mayRead('s.id', '$2')}`,
  budgetMs: 10,
  usesIndex: [],
  sample: { sanctum: 'woodworking', reader: '1' },
  row: z.object({ readable: z.boolean() }),
});
