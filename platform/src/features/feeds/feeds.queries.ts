/** The feeds, one query each: feed times sort. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { isHidden, isHiddenIn } from '../blocks/blocks.fragments.queries.ts';
import { mayRead } from '../sanctums/access.fragments.queries.ts';
import type { FeedSort } from '../posts/posts.schema.ts';
import { defineFeedQuery, type FeedQueryEntry } from './feeds.fragments.queries.ts';

/**
 * Sanctums that turned private while a job still rewrites their ranks: read once a statement, usually none. What is
 * private is out of sight from the moment it is, however many posts that is.
 */
const notHidden = `r.sanctum_id <> all (array(
      select hidden.sanctum_id from sanctum_rank_rewrites hidden
      where hidden.sanctum_id > 0 and (select home.visibility from sanctums home where home.id = hidden.sanctum_id) = 'private'))`;

/** The author and the reader see each other. */
function seen(reader: string): string {
  return `not ${isHiddenIn('r.sanctum_id', 'r.author_id', reader)}`;
}

function popular(sort: FeedSort): FeedQueryEntry {
  return defineFeedQuery({
    feed: 'popular',
    sort,
    belongs: (parameter) => `r.popular and ${notHidden} and ${seen(parameter('reader'))}`,
    usesIndex: [`idx_post_ranks_popular_${sort}`],
  });
}

function sanctum(sort: FeedSort): FeedQueryEntry {
  return defineFeedQuery({
    feed: 'sanctum',
    sort,
    place: (parameter) => `
      select s.id from sanctums s
      where lower(s.name) = lower(${parameter('place')}) and ${mayRead('s.id', parameter('reader'))}`,
    belongs: (parameter) => `r.sanctum_id = (select place.id from place) and r.listed and ${seen(parameter('reader'))}`,
    usesIndex: [`idx_post_ranks_sanctum_${sort}`],
    samplePlace: 'woodworking',
  });
}

/** Posts in private sanctums show only to their members. */
function user(sort: FeedSort): FeedQueryEntry {
  return defineFeedQuery({
    feed: 'user',
    sort,
    place: (parameter) => `
      select u.id from users u where lower(u.username) = lower(${parameter('place')})
      and not ${isHidden('u.id', parameter('reader'))}`,
    belongs: (parameter) => `r.author_id = (select place.id from place) and r.listed and (
      (r.popular and ${notHidden}) or (select true from memberships m where m.sanctum_id = r.sanctum_id and m.user_id = ${parameter('reader')}))`,
    usesIndex: [`idx_post_ranks_author_${sort}`],
    samplePlace: 'keeper',
  });
}

/** The reader's sanctums, each read in its own order from its index, merged. */
function home(sort: FeedSort): FeedQueryEntry {
  return defineFeedQuery({
    feed: 'home',
    sort,
    each: (parameter) => `select m.sanctum_id from memberships m where m.user_id = ${parameter('reader')}`,
    belongs: (parameter) => `r.sanctum_id = v.sanctum_id and r.listed and ${seen(parameter('reader'))}`,
    changedBelongs: (parameter) => `r.listed and ${seen(parameter('reader'))}
      and (select true from memberships m where m.sanctum_id = r.sanctum_id and m.user_id = ${parameter('reader')})`,
    usesIndex: [`idx_post_ranks_sanctum_${sort}`, 'idx_memberships_user_id'],
  });
}

export const popularHot = popular('hot');
export const popularNew = popular('new');
export const popularTop = popular('top');
export const sanctumHot = sanctum('hot');
export const sanctumNew = sanctum('new');
export const sanctumTop = sanctum('top');
export const userHot = user('hot');
export const userNew = user('new');
export const userTop = user('top');
export const homeHot = home('hot');
export const homeNew = home('new');
export const homeTop = home('top');

/** A feed cursor lives for 55 minutes; the changes behind it are kept for an hour. */
export const sweepRankChanges = defineQuery({
  name: 'feeds.sweep_rank_changes',
  access: 'write',
  params: { batchMax: 'integer' },
  text: `
    with old as materialized (
      select id from post_rank_changes
      where created_at < now() - interval '1 hour'
      order by created_at limit $1::integer for update skip locked
    ), gone as (
      delete from post_rank_changes using old where post_rank_changes.id = old.id returning 1
    )
    select count(*)::integer as count from gone`,
  budgetMs: 500,
  usesIndex: ['idx_post_rank_changes_created_at'],
  sample: { batchMax: 1000 },
  row: z.object({ count: z.number().int() }),
});
