/** Search, one statement a kind. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { pageItemsMax } from '../../api/pages.ts';
import { jsonList } from '../../db/json.fragments.queries.ts';
import { postJson } from '../posts/posts.fragments.queries.ts';
import { isHidden, isHiddenIn } from '../blocks/blocks.fragments.queries.ts';
import { mayRead } from '../sanctums/access.fragments.queries.ts';
import { postExcerptCharacters } from '../posts/posts.schema.ts';
import { sanctumJson } from '../sanctums/sanctums.fragments.queries.ts';
import { profileJson } from '../users/users.fragments.queries.ts';

/**
 * Newest posts looked at one by one before an index is asked. A common word fills the page from them; only a word
 * too rare for that goes to the index, which has to read all its matches to find the newest.
 */
const recentPublicPosts = 1000;
/**
 * Posts of the reader's private sanctums are looked at one by one, the newest so many, of the sanctums joined last: an index of
 * private words would be read past what others wrote, and its time would tell what stands there.
 */
const recentPrivatePosts = 2000;
const privateSanctumsMax = 50;
const rowsMax = pageItemsMax + 1;

const pageRow = z.object({
  /** JSON array. */
  items: z.string(),
  has_more: z.boolean(),
  last_key: z.string().nullable(),
});

/**
 * Words in title and body, newest first. Public posts, by an index that holds no others, and those of the reader's private
 * sanctums are searched apart: what the reader may not see is in neither, and so neither in the answer nor in its time.
 */
export const searchPosts = defineQuery({
  name: 'search.posts',
  access: 'read',
  params: { words: 'text', reader: 'bigint?', admin: 'boolean', page_items: 'integer', after_id: 'bigint' },
  text: `
    with wanted as materialized (select websearch_to_tsquery('simple', $1) as words),
    places as materialized (
      select m.sanctum_id from memberships m
      where m.user_id = $2 and (select home.visibility = 'private' from sanctums home where home.id = m.sanctum_id)
      order by m.created_at desc limit ${privateSanctumsMax}
    ),
    recent_public as materialized (${matching(`
      select r.post_id from post_ranks r
      where r.popular and r.post_id < $5 order by r.post_id desc limit ${recentPublicPosts}`)}),
    recent_private as materialized (${matching(`
      select one.post_id from places
      cross join lateral (
        select r.post_id from post_ranks r
        where r.sanctum_id = places.sanctum_id and r.listed and r.post_id < $5 order by r.post_id desc limit ${recentPrivatePosts}
      ) one
      order by one.post_id desc limit ${recentPrivatePosts}`)}),
    page as materialized (
      select found.id from (
        select id from recent_public
        union
        select id from recent_private
        union
        (select p.id from posts p
         where (select count(*) from recent_public) <= $4
           and p.search @@ (select words from wanted) and p.is_public and p.deleted_at is null and p.id < $5 and ${mayRead('p.sanctum_id', '$2')}
           and not ${isHiddenIn('p.sanctum_id', 'p.author_id', '$2')}
         order by p.id desc limit ${rowsMax})
      ) found
      order by found.id desc limit $4 + 1
    ),
    numbered as materialized (select page.id, row_number() over (order by page.id desc) as position from page)
    select
      (
        select ${jsonList('entry.json', 'entry.position')}
        from (
          select numbered.position, (
            select ${postJson({ post: 'p', rank: 'r', reader: '$2', admin: '$3', body: { excerptCharacters: postExcerptCharacters } })}
            from posts p, post_ranks r where p.id = numbered.id and r.post_id = numbered.id
          ) as json
          from numbered where numbered.position <= $4
        ) entry
      ) as items,
      (select count(*) > $4 from numbered) as has_more,
      (select id from numbered where position = $4)::text as last_key`,
  budgetMs: 100,
  usesIndex: ['idx_posts_search_public', 'idx_post_ranks_popular_new', 'idx_post_ranks_sanctum_new', 'posts_pkey', 'post_ranks_pkey'],
  sample: { words: 'bread', reader: '1', admin: false, page_items: 25, after_id: '9223372036854775807' },
  row: pageRow,
});

/** Those of the newest posts (post_id, newest first) in which the words stand, as many as a page may need. */
function matching(newest: string): string {
  return `
      select looked_at.id
      from (${newest}) newest
      cross join lateral (
        select p.id, p.sanctum_id, p.author_id, p.search @@ (select words from wanted) as matches from posts p where p.id = newest.post_id limit 1
      ) looked_at
      where looked_at.matches and ${mayRead('looked_at.sanctum_id', '$2')}
        and not ${isHiddenIn('looked_at.sanctum_id', 'looked_at.author_id', '$2')}
      order by newest.post_id desc limit ${rowsMax}`;
}

function prefixText(table: string, key: string, json: string, shown = 'true'): string {
  return `
    with page as materialized (
      select entry.* from (
        select t.*, ${key} as sort_key from ${table} t
        where ${key} ~>=~ $1 and ${key} ~<~ $2 and ${key} ~>~ $4 and ${shown}
        order by ${key} using ~<~ limit ${rowsMax}
      ) entry limit $3 + 1
    ),
    numbered as materialized (select page.*, row_number() over (order by page.sort_key using ~<~) as position from page)
    select
      (select ${jsonList(json, 'n.position')} from numbered n where n.position <= $3) as items,
      (select count(*) > $3 from numbered) as has_more,
      (select sort_key from numbered where position = $3) as last_key`;
}

/** Names that begin so; the exact name is first by order. Private sanctums can be found by name, not read. */
export const searchSanctums = defineQuery({
  name: 'search.sanctums',
  access: 'read',
  params: { prefix: 'text', prefix_end: 'text', page_items: 'integer', after_name: 'text', reader: 'bigint?' },
  text: prefixText(
    'sanctums',
    'lower(t.name)',
    sanctumJson('n', '(select m.role from memberships m where m.sanctum_id = n.id and m.user_id = $5)', '$5'),
  ),
  budgetMs: 30,
  usesIndex: ['idx_sanctums_name_prefix'],
  sample: { prefix: 'wood', prefix_end: 'wood\u{10ffff}', page_items: 25, after_name: '', reader: '1' },
  row: pageRow,
});

/** Names that begin so; the exact name is first by order. */
export const searchPeople = defineQuery({
  name: 'search.people',
  access: 'read',
  params: { prefix: 'text', prefix_end: 'text', page_items: 'integer', after_name: 'text', reader: 'bigint?' },
  text: prefixText('users', 'lower(t.username)', profileJson('n'), `not ${isHidden('t.id', '$5')}`),
  budgetMs: 30,
  usesIndex: ['idx_users_username_prefix'],
  sample: { prefix: 'kee', prefix_end: 'kee\u{10ffff}', page_items: 25, after_name: '', reader: '1' },
  row: pageRow,
});
