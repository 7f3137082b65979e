/** Search, one statement a kind. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { pageItemsMax } from '../../http/pages.ts';
import { isoTime, mayRead, postJson } from '../posts/posts.fragments.queries.ts';
import { postExcerptCharacters } from '../posts/posts.schema.ts';
import { descriptionExcerptCharacters } from '../sanctums/sanctums.schema.ts';

/**
 * Newest posts looked at one by one before the index is asked. A common word fills the page from them; only a word
 * too rare for that goes to the index, which has to read all its matches to find the newest.
 */
const recentPosts = 1000;
const rowsMax = pageItemsMax + 1;

const pageRow = z.object({
  /** JSON array. */
  items: z.string(),
  has_more: z.boolean(),
  last_key: z.string().nullable(),
});

/** Words in title and body, newest first. */
export const searchPosts = defineQuery({
  name: 'search.posts',
  access: 'read',
  params: { words: 'text', reader: 'bigint?', admin: 'boolean', page_items: 'integer', after_id: 'bigint' },
  text: `
    with recent as materialized (
      select w.id, w.matches
      from (
        select p.id, p.sanctum_id, p.deleted_at, p.search @@ websearch_to_tsquery('simple', $1) as matches
        from posts p where p.id < $5 order by p.id desc limit ${recentPosts}
      ) w
      where w.matches and w.deleted_at is null and ${mayRead('w.sanctum_id', '$2')}
      limit ${rowsMax}
    ),
    page as materialized (
      select found.id from (
        select recent.id from recent
        union
        (select p.id from posts p
         where (select count(*) from recent) <= $4
           and p.search @@ websearch_to_tsquery('simple', $1) and p.id < $5 and p.deleted_at is null and ${mayRead('p.sanctum_id', '$2')}
         order by p.id desc limit ${rowsMax})
      ) found
      order by found.id desc limit $4 + 1
    ),
    numbered as materialized (select page.id, row_number() over (order by page.id desc) as position from page)
    select
      coalesce((
        select json_agg(entry.json order by entry.position)
        from (
          select numbered.position, (
            select ${postJson({ post: 'p', rank: 'r', reader: '$2', admin: '$3', body: { excerptCharacters: postExcerptCharacters } })}
            from posts p, post_ranks r where p.id = numbered.id and r.post_id = numbered.id
          ) as json
          from numbered where numbered.position <= $4
        ) entry
      ), '[]')::text as items,
      (select count(*) > $4 from numbered) as has_more,
      (select id from numbered where position = $4)::text as last_key`,
  budgetMs: 100,
  usesIndex: ['idx_posts_search', 'posts_pkey', 'post_ranks_pkey'],
  sample: { words: 'bread', reader: '1', admin: false, page_items: 25, after_id: '9223372036854775807' },
  row: pageRow,
});

function prefixText(table: string, key: string, json: string): string {
  return `
    with page as materialized (
      select entry.* from (
        select t.*, ${key} as sort_key from ${table} t
        where ${key} ~>=~ $1 and ${key} ~<~ $2 and ${key} ~>~ $4
        order by ${key} using ~<~ limit ${rowsMax}
      ) entry limit $3 + 1
    ),
    numbered as materialized (select page.*, row_number() over (order by page.sort_key using ~<~) as position from page)
    select
      coalesce((select json_agg(${json} order by n.position) from numbered n where n.position <= $3), '[]')::text as items,
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
    `json_build_object(
      'id', n.id::text, 'name', n.name, 'title', n.title,
      'description', left(n.description, ${descriptionExcerptCharacters}), 'visibility', n.visibility,
      'memberCount', n.member_count, 'createdAt', ${isoTime('n.created_at')},
      'role', (select m.role from memberships m where m.sanctum_id = n.id and m.user_id = $5))`,
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
  params: { prefix: 'text', prefix_end: 'text', page_items: 'integer', after_name: 'text' },
  text: prefixText(
    'users',
    'lower(t.username)',
    `json_build_object(
      'id', n.id::text, 'username', n.username, 'displayName', n.display_name, 'bio', n.bio, 'createdAt', ${isoTime('n.created_at')})`,
  ),
  budgetMs: 30,
  usesIndex: ['idx_users_username_prefix'],
  sample: { prefix: 'kee', prefix_end: 'kee\u{10ffff}', page_items: 25, after_name: '' },
  row: pageRow,
});
