/** One Comment of the API as a JSON object. `c` is the alias of the row, `reader` and `admin` are placeholders. */
import { authorJson } from '../users/users.fragments.queries.ts';
import { isHiddenIn } from '../blocks/blocks.fragments.queries.ts';
import { isBanned, moderates } from '../sanctums/access.fragments.queries.ts';
import { jsonObject } from '../../db/json.fragments.queries.ts';
import { isoTime } from '../../db/time.fragments.queries.ts';

export interface CommentJsonSource {
  readonly comment: string;
  readonly reader: string;
  readonly admin: string;
  /** Expression: the id of the post's sanctum. */
  readonly sanctumId: string;
}

/**
 * A deleted comment keeps its place in the tree and nothing else. So does one of a person who is hidden from the reader: the two look
 * alike, and answers of others stay where they are.
 */
export function commentJson({ comment: c, reader, admin, sanctumId }: CommentJsonSource): string {
  const gone = `${c}.deleted_at is not null or ${isHiddenIn(sanctumId, `${c}.author_id`, reader)}`;
  // Looked up once for all fields: a row of its own, which the limit keeps apart.
  return jsonObject(
    {
      id: `${c}.id::text`,
      parentId: `${c}.parent_id::text`,
      depth: `${c}.depth`,
      author: `case when veil.gone then null else ${authorJson(`${c}.author_id`)} end`,
      body: `case when veil.gone then '' else ${c}.body end`,
      bodyHtml: `case when veil.gone then '' else ${c}.body_html end`,
      likeCount: `case when veil.gone then 0 else ${c}.like_count end`,
      liked: `case when veil.gone then false
        else coalesce((select true from comment_likes own where own.comment_id = ${c}.id and own.user_id = ${reader}), false) end`,
      childCount: `${c}.child_count`,
      createdAt: isoTime(`${c}.created_at`),
      editedAt: `case when veil.gone then null else ${isoTime(`${c}.edited_at`)} end`,
      deleted: 'veil.gone',
      canEdit: `case when not veil.gone and ${c}.author_id = ${reader} then not ${isBanned(sanctumId, reader)} else false end`,
      canDelete: `not veil.gone
        and (coalesce(${c}.author_id = ${reader} or ${admin}, false) or ${moderates(sanctumId, reader)})`,
    },
    `from (select ${gone} as gone limit 1) veil`,
  );
}
