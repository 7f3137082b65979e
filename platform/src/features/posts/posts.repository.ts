/** Posts in PostgreSQL. JSON texts are complete answers of the API. */
import type { ReaderParameters, WriterParameters } from '../../api/reader-parameters.ts';
import type { Executor } from '../../db/database.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import * as likes from './likes.queries.ts';
import * as queries from './posts.queries.ts';
import type { CreatePost, LikeState } from './posts.schema.ts';

/** The reader's account may have gone after the access token was given out. */
export const constraintErrors = {
  fk_posts_author: 'auth.required',
  fk_post_ranks_author: 'auth.required',
  fk_post_likes_user: 'auth.required',
} as const satisfies ConstraintErrors;

export async function findPost(executor: Executor, reader: ReaderParameters, postId: string): Promise<string | undefined> {
  return (await executor.maybeOne(queries.findPost, { post_id: postId, reader: reader.userId, admin: reader.admin }))?.post;
}

export async function insertPost(
  tx: Executor,
  writer: WriterParameters,
  sanctum: string,
  post: CreatePost,
  bodyHtml: string,
): Promise<{ readonly id: string; readonly post: string } | undefined> {
  const values = {
    sanctum,
    author: writer.userId,
    admin: writer.admin,
    kind: post.kind,
    title: post.title,
    body: post.body,
    body_html: bodyHtml,
    url: post.url ?? null,
  };
  return onConstraint(constraintErrors, () => tx.maybeOne(queries.insertPost, values));
}

export interface PostChange {
  readonly title: string | null;
  readonly body: string | null;
  readonly bodyHtml: string | null;
}

export async function updatePost(tx: Executor, writer: WriterParameters, postId: string, change: PostChange): Promise<string | undefined> {
  const { title, body, bodyHtml } = change;
  const row = await tx.maybeOne(queries.updatePost, {
    post_id: postId,
    author: writer.userId,
    admin: writer.admin,
    title,
    body,
    body_html: bodyHtml,
  });
  return row?.post;
}

/** Whose it was, and where; undefined when there is none that the writer may delete. */
export async function deletePost(
  tx: Executor,
  writer: WriterParameters,
  postId: string,
): Promise<{ readonly authorId: string; readonly sanctumId: string } | undefined> {
  const row = await tx.maybeOne(queries.deletePost, { post_id: postId, reader: writer.userId, admin: writer.admin });
  return row === undefined ? undefined : { authorId: row.author_id, sanctumId: row.sanctum_id };
}

export async function isReadable(executor: Executor, reader: ReaderParameters, postId: string): Promise<boolean> {
  return (await executor.maybeOne(queries.postIsReadable, { post_id: postId, reader: reader.userId })) !== undefined;
}

export async function isSanctumReadable(executor: Executor, reader: ReaderParameters, sanctum: string): Promise<boolean> {
  return (await executor.maybeOne(queries.sanctumIsReadable, { sanctum, reader: reader.userId })) !== undefined;
}

/** Undefined when the reader cannot see the post. */
export async function setLiked(tx: Executor, writer: WriterParameters, postId: string, liked: boolean): Promise<LikeState | undefined> {
  const query = liked ? likes.likePost : likes.unlikePost;
  const row = await onConstraint(constraintErrors, () => tx.maybeOne(query, { post_id: postId, reader: writer.userId }));
  return row === undefined ? undefined : { likeCount: row.like_count, liked: row.liked };
}
