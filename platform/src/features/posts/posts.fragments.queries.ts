/** Pieces of SQL that the queries of posts, feeds, comments and search share. No entry of the catalogue stands here. */
import { jsonObject } from '../../db/json.fragments.queries.ts';
import { isoTime } from '../../db/time.fragments.queries.ts';
import { hiddenComments } from '../blocks/blocks.fragments.queries.ts';
import { authorJson } from '../users/users.fragments.queries.ts';
import { moderates, isMember } from '../sanctums/access.fragments.queries.ts';

/** The additive hot rank. https://github.com/reddit-archive/reddit/blob/master/r2/r2/lib/db/_sorts.pyx */
export function hotRank(likeCount: string, createdAt: string): string {
  return `(log(greatest(1, ${likeCount})::double precision)
    + extract(epoch from ${createdAt} - timestamptz '2020-01-01 00:00:00+00')::double precision / 45000)`;
}

export interface PostJsonSource {
  /** Alias of the posts row. */
  readonly post: string;
  /** Alias of the post_ranks row. */
  readonly rank: string;
  /** Placeholder of the reader's id; null for anonymous readers. */
  readonly reader: string;
  /** Placeholder: the reader is an administrator of the site. */
  readonly admin: string;
  readonly body: 'full' | { readonly excerptCharacters: number };
}

/** One Post of the API as a JSON object. */
export function postJson({ post, rank, reader, admin, body }: PostJsonSource): string {
  const text = body === 'full' ? `${post}.body` : `left(${post}.body, ${body.excerptCharacters})`;
  return jsonObject({
    id: `${post}.id::text`,
    kind: `${post}.kind`,
    title: `${post}.title`,
    body: text,
    bodyHtml: body === 'full' ? `${post}.body_html` : "''",
    url: `${post}.url`,
    sanctum: jsonObject({ name: 'home.name', title: 'home.title' }, `from sanctums home where home.id = ${post}.sanctum_id`),
    author: authorJson(`${post}.author_id`),
    likeCount: `${rank}.like_count`,
    commentCount: `${rank}.comment_count - ${hiddenComments(`${post}.id`, `${post}.sanctum_id`, reader)}`,
    liked: `coalesce((select true from post_likes own where own.post_id = ${post}.id and own.user_id = ${reader}), false)`,
    createdAt: isoTime(`${post}.created_at`),
    editedAt: isoTime(`${post}.edited_at`),
    canEdit: `case when ${post}.author_id = ${reader} then ${isMember(`${post}.sanctum_id`, reader)} else false end`,
    canDelete: `coalesce(${post}.author_id = ${reader} or ${admin}, false) or ${moderates(`${post}.sanctum_id`, reader)}`,
  });
}
