/** What popular feeds show and everyone's search finds follows a sanctum's visibility: the first posts with the change, all others slice by slice. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';

/**
 * One slice, newest posts first: looks at so many posts below an id and gives them the visibility that the sanctum has. The
 * lock keeps the visibility as it is until the slice is written, and lets members come and go.
 */
export const rewriteSlice = defineQuery({
  name: 'sanctums.rewrite_slice',
  access: 'write',
  params: { sanctumId: 'bigint', beforePostId: 'bigint', postsMax: 'integer' },
  text: `
    with place as materialized (select s.id, s.visibility = 'public' as is_public from sanctums s where s.id = $1 for key share),
    slice as materialized (
      select r.post_id from post_ranks r
      where r.sanctum_id = (select place.id from place) and r.listed and r.post_id < $2
      order by r.post_id desc limit $3
    ),
    rewritten as (
      update post_ranks r set popular = place.is_public
      from slice, place
      where r.post_id = slice.post_id and r.listed and r.popular <> place.is_public
    ),
    marked as (
      update posts p set is_public = place.is_public
      from slice, place
      where p.id = slice.post_id and p.is_public <> place.is_public
    )
    select count(*)::integer as looked_at, min(slice.post_id)::text as last_id from slice`,
  budgetMs: 500,
  usesIndex: ['idx_post_ranks_sanctum_new', 'post_ranks_pkey', 'posts_pkey'],
  sample: { sanctumId: '1', beforePostId: '9223372036854775807', postsMax: 500 },
  row: z.object({ looked_at: z.number().int(), last_id: z.string().nullable() }),
});

/** In the transaction that changes the visibility. A rewrite that is under way begins again. */
export const requestRewrite = defineQuery({
  name: 'sanctums.request_rewrite',
  access: 'write',
  params: { sanctumId: 'bigint' },
  text: `
    insert into sanctum_rank_rewrites as r (sanctum_id) values ($1)
    on conflict (sanctum_id) do update set version = r.version + 1, before_post_id = excluded.before_post_id, requested_at = now()
    returning version::text as version`,
  budgetMs: 50,
  usesIndex: ['sanctum_rank_rewrites_pkey'],
  sample: { sanctumId: '0' },
  row: z.object({ version: z.string() }),
});

/** Sanctums that wait. */
export const listRewrites = defineQuery({
  name: 'sanctums.list_rewrites',
  access: 'write',
  params: { limit: 'integer' },
  text: `
    select r.sanctum_id::text as sanctum_id, r.version::text as version, r.before_post_id::text as before_post_id
    from sanctum_rank_rewrites r order by r.sanctum_id limit $1`,
  budgetMs: 50,
  usesIndex: ['sanctum_rank_rewrites_pkey'],
  sample: { limit: 10 },
  row: z.object({ sanctum_id: z.string(), version: z.string(), before_post_id: z.string() }),
});

/** No row when the visibility changed again since: then the work begins again. */
export const noteProgress = defineQuery({
  name: 'sanctums.note_rewrite_progress',
  access: 'write',
  params: { sanctumId: 'bigint', version: 'bigint', beforePostId: 'bigint' },
  text: `
    update sanctum_rank_rewrites set before_post_id = $3
    where sanctum_id = $1 and version = $2
    returning sanctum_id::text as sanctum_id`,
  budgetMs: 50,
  usesIndex: ['sanctum_rank_rewrites_pkey'],
  sample: { sanctumId: '0', version: '1', beforePostId: '1' },
  row: z.object({ sanctum_id: z.string() }),
});

/** No row when the visibility changed again since: then there is more to do. */
export const finishRewrite = defineQuery({
  name: 'sanctums.finish_rewrite',
  access: 'write',
  params: { sanctumId: 'bigint', version: 'bigint' },
  text: `delete from sanctum_rank_rewrites where sanctum_id = $1 and version = $2 returning sanctum_id::text as sanctum_id`,
  budgetMs: 50,
  usesIndex: ['sanctum_rank_rewrites_pkey'],
  sample: { sanctumId: '0', version: '1' },
  row: z.object({ sanctum_id: z.string() }),
});
