/** Comments in PostgreSQL. JSON texts are complete answers of the API. */
import type { ReaderParameters, WriterParameters } from '../../api/reader-parameters.ts';
import type { Executor } from '../../db/database.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import type { LikeState } from '../posts/posts.schema.ts';
import * as queries from './comments.queries.ts';
import type { CommentSort, CreateComment } from './comments.schema.ts';
import * as likes from './likes.queries.ts';
import type { WindowRow } from './windows.fragments.queries.ts';
import * as windows from './windows.queries.ts';

/** The reader's account may have gone after the access token was given out. */
export const constraintErrors = {
  fk_comments_author: 'auth.required',
  fk_comment_likes_user: 'auth.required',
} as const satisfies ConstraintErrors;

/** Sorts before every sibling: what a first window comes "after". */
const beforeAll = { id: '9223372036854775807', likeCount: 2_147_483_647 };

export interface WindowRequest {
  readonly postId: string;
  readonly parentId: string | undefined;
  readonly sort: CommentSort;
  readonly siblings: number;
  readonly after: { readonly id: string; readonly likeCount: number } | undefined;
}

/** Undefined when the reader cannot see the post. */
export async function readWindow(executor: Executor, reader: ReaderParameters, request: WindowRequest): Promise<WindowRow | undefined> {
  const { postId, parentId, sort, siblings, after = beforeAll } = request;
  const replies = parentId !== undefined;
  const top = replies ? windows.repliesTop : windows.rootsTop;
  const newest = replies ? windows.repliesNew : windows.rootsNew;
  return await executor.maybeOne(sort === 'top' ? top : newest, {
    post_id: postId,
    reader: reader.userId,
    admin: reader.admin,
    siblings,
    after_id: after.id,
    after_like_count: after.likeCount,
    parent_id: parentId ?? '0',
  });
}

export async function insertComment(
  tx: Executor,
  writer: WriterParameters,
  postId: string,
  comment: CreateComment,
  bodyHtml: string,
): Promise<{ readonly id: string; readonly comment: string } | undefined> {
  const values = {
    post_id: postId,
    author: writer.userId,
    admin: writer.admin,
    parent_id: comment.parentId ?? null,
    body: comment.body,
    body_html: bodyHtml,
  };
  return onConstraint(constraintErrors, () => tx.maybeOne(queries.insertComment, values));
}

/** Why a comment could not be written: the writer is banned, or its parent is too deep or not there (null). Undefined when the writer cannot see the post. */
export function findObstacle(executor: Executor, writer: WriterParameters, postId: string, parentId: string | null) {
  return executor.maybeOne(queries.findParent, { post_id: postId, reader: writer.userId, parent_id: parentId });
}

export async function updateComment(
  executor: Executor,
  writer: WriterParameters,
  commentId: string,
  body: string,
  bodyHtml: string,
): Promise<string | undefined> {
  const row = await executor.maybeOne(queries.updateComment, {
    comment_id: commentId,
    author: writer.userId,
    admin: writer.admin,
    body,
    body_html: bodyHtml,
  });
  return row?.comment;
}

export interface CommentToDelete {
  readonly postId: string;
  readonly childCount: number;
  readonly authorId: string;
  readonly sanctumId: string;
}

export async function lockForDeletion(tx: Executor, writer: WriterParameters, commentId: string): Promise<CommentToDelete | undefined> {
  const row = await tx.maybeOne(queries.lockForDeletion, { comment_id: commentId, reader: writer.userId, admin: writer.admin });
  if (row === undefined) return undefined;
  return { postId: row.post_id, childCount: row.child_count, authorId: row.author_id, sanctumId: row.sanctum_id };
}

export async function entomb(tx: Executor, commentId: string): Promise<void> {
  await tx.run(queries.entombComment, { comment_id: commentId });
}

/** Returns the parent when it has to go as well. */
export async function removeLeaf(tx: Executor, commentId: string): Promise<string | undefined> {
  return (await tx.maybeOne(queries.removeLeaf, { comment_id: commentId }))?.empty_parent_id ?? undefined;
}

export async function uncount(tx: Executor, postId: string): Promise<void> {
  await tx.run(queries.uncountComment, { post_id: postId });
}

export async function isReadable(executor: Executor, writer: WriterParameters, commentId: string): Promise<boolean> {
  return (await executor.maybeOne(queries.commentIsReadable, { comment_id: commentId, reader: writer.userId })) !== undefined;
}

/** Undefined when the reader cannot see the comment. */
export async function setLiked(
  executor: Executor,
  writer: WriterParameters,
  commentId: string,
  liked: boolean,
): Promise<LikeState | undefined> {
  const query = liked ? likes.likeComment : likes.unlikeComment;
  const row = await onConstraint(constraintErrors, () => executor.maybeOne(query, { comment_id: commentId, reader: writer.userId }));
  return row === undefined ? undefined : { likeCount: row.like_count, liked: row.liked };
}
