/** One Comment of the API as a JSON object. `c` is the alias of the row, `reader` and `admin` are placeholders. */
import { authorJson } from '../users/users.fragments.queries.ts';
import { isBanned, moderates } from '../sanctums/access.fragments.queries.ts';
import { isoTime } from '../../db/time.fragments.queries.ts';

export interface CommentJsonSource {
  readonly comment: string;
  readonly reader: string;
  readonly admin: string;
  /** Expression: the id of the post's sanctum. */
  readonly sanctumId: string;
}

/** A deleted comment keeps its place in the tree and nothing else. */
export function commentJson({ comment: c, reader, admin, sanctumId }: CommentJsonSource): string {
  return `json_build_object(
      'id', ${c}.id::text, 'parentId', ${c}.parent_id::text, 'depth', ${c}.depth,
      'author', case when ${c}.deleted_at is null then ${authorJson(`${c}.author_id`)} end,
      'body', case when ${c}.deleted_at is null then ${c}.body else '' end,
      'bodyHtml', case when ${c}.deleted_at is null then ${c}.body_html else '' end,
      'likeCount', ${c}.like_count,
      'liked', coalesce((select true from comment_likes own where own.comment_id = ${c}.id and own.user_id = ${reader}), false),
      'childCount', ${c}.child_count,
      'createdAt', ${isoTime(`${c}.created_at`)},
      'editedAt', ${isoTime(`${c}.edited_at`)},
      'deleted', ${c}.deleted_at is not null,
      'canEdit', case when ${c}.deleted_at is null and ${c}.author_id = ${reader} then not ${isBanned(sanctumId, reader)} else false end,
      'canDelete', ${c}.deleted_at is null
        and (coalesce(${c}.author_id = ${reader} or ${admin}, false) or ${moderates(sanctumId, reader)}))`;
}
