/** The rules of comments: who may see a post may answer it; authors edit; authors, moderators and administrators delete. */
import { readerParameters, writerParameters } from '../../api/reader-parameters.ts';
import { z } from 'zod';
import type { Database, Executor } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Cursors } from '../../api/cursor.ts';
import type { Reader } from '../../api/reader.ts';
import type { Markdown } from '../../text/markdown.ts';
import type { LikeState } from '../posts/posts.schema.ts';
import type { Notify } from '../notifications/notifications.causes.ts';
import * as repository from './comments.repository.ts';
import type { CommentToDelete } from './comments.repository.ts';
import { commentDepthMax, commentHtmlBytesMax, type CommentWindowQuery, type CreateComment } from './comments.schema.ts';

export interface Comments {
  /** A window of the thread as JSON text. Throws `post.not_found`, `comment.not_found`, `cursor.invalid`, `cursor.foreign`. */
  window(reader: Reader | null, postId: string, query: CommentWindowQuery): Promise<string>;
  /** The new comment as JSON text. Throws `post.not_found`, `comment.not_found`, `comment.too_deep`, `sanctum.banned`. */
  create(tx: Executor, reader: Reader, postId: string, comment: CreateComment, bodyHtml: string): Promise<string>;
  /** The changed comment as JSON text. Throws `comment.not_found`, `access.denied`. */
  update(reader: Reader, commentId: string, body: string): Promise<string>;
  /** Throws `comment.not_found`, `access.denied`. */
  remove(reader: Reader, commentId: string): Promise<void>;
  /** Safe to repeat. Throws `comment.not_found`. */
  setLiked(reader: Reader, commentId: string, liked: boolean): Promise<LikeState>;
  /** Safe HTML of a body; rendered before a transaction begins, so that no lock waits for it. */
  render(body: string): Promise<string>;
}

export interface CommentsDependencies {
  readonly db: Database;
  readonly markdown: Markdown;
  readonly cursors: Cursors;
  readonly notify: Notify;
}

const positionSchema = z.object({ id: z.string(), likeCount: z.number().int() });
/** What a cursor holds where no sibling is shown yet: go on from the first. */
const start = z.object({ start: z.literal(true) });

export function createComments({ db, markdown, cursors, notify }: CommentsDependencies): Comments {
  /** A writer who may see the comment learns that it is not theirs; everyone else that there is none. */
  async function refuse(reader: Reader, commentId: string): Promise<never> {
    const readable = await repository.isReadable(db, writerParameters(reader), commentId);
    throw new AppError(readable ? 'access.denied' : 'comment.not_found');
  }

  async function window(reader: Reader | null, postId: string, query: CommentWindowQuery): Promise<string> {
    const { sort, parentId, limit } = query;
    const scope = (parent: string | null) => `comments ${postId} ${sort} ${parent ?? 'post'} ${reader?.userId ?? 'anonymous'}`;
    const opened =
      query.cursor === undefined ? undefined : cursors.open(scope(parentId ?? null), query.cursor, z.union([positionSchema, start]));
    const after = opened === undefined || 'start' in opened ? undefined : opened;
    const row = await repository.readWindow(db, readerParameters(reader), { postId, parentId, sort, siblings: limit, after });
    if (row === undefined) throw new AppError('post.not_found');
    if (!row.parent_found) throw new AppError('comment.not_found');
    const more = row.more.map(({ parentId: parent, id, likeCount, remaining }) => ({
      parentId: parent,
      cursor: cursors.sign(scope(parent), id === null || likeCount === null ? { start: true } : { id, likeCount }),
      remaining,
    }));
    return `{"items":${row.items},"more":${JSON.stringify(more)}}`;
  }

  return {
    render: (body) => markdown.render(body, commentHtmlBytesMax),
    window,
    async create(tx, reader, postId, comment, bodyHtml) {
      const created = await repository.insertComment(tx, writerParameters(reader), postId, comment, bodyHtml);
      if (created !== undefined) {
        await notify(tx, { kind: 'comment', commentId: created.id });
        return created.comment;
      }
      const obstacle = await repository.findObstacle(tx, writerParameters(reader), postId, comment.parentId ?? null);
      if (obstacle === undefined) throw new AppError('post.not_found');
      if (obstacle.banned) throw new AppError('sanctum.banned');
      const { parent_depth: depth } = obstacle;
      throw new AppError(depth !== null && depth >= commentDepthMax ? 'comment.too_deep' : 'comment.not_found');
    },
    async update(reader, commentId, body) {
      const updated = await repository.updateComment(
        db,
        writerParameters(reader),
        commentId,
        body,
        await markdown.render(body, commentHtmlBytesMax),
      );
      return updated ?? (await refuse(reader, commentId));
    },
    async remove(reader, commentId) {
      const removed = await db.transaction(async (tx) => {
        const gone = await removeComment(tx, reader, commentId);
        if (gone !== undefined && gone.authorId !== reader.userId) {
          const { authorId: userId, sanctumId } = gone;
          await notify(tx, { kind: 'removal', of: 'comment', id: commentId, userId, sanctumId });
        }
        return gone;
      });
      if (removed === undefined) await refuse(reader, commentId);
    },
    async setLiked(reader, commentId, liked) {
      const state = await repository.setLiked(db, writerParameters(reader), commentId, liked);
      if (state === undefined) throw new AppError('comment.not_found');
      return state;
    },
  };
}

/**
 * A comment with answers keeps its place, without its text. One without answers goes, and so do its deleted
 * ancestors that are left without answers by that: at most as many as a thread is deep.
 */
async function removeComment(tx: Executor, reader: Reader, commentId: string): Promise<CommentToDelete | undefined> {
  const locked = await repository.lockForDeletion(tx, writerParameters(reader), commentId);
  if (locked === undefined) return undefined;
  if (locked.childCount > 0) {
    await repository.entomb(tx, commentId);
  } else {
    let leaf: string | undefined = commentId;
    // Bounded by the depth of a thread; each step has to see what the one before took away.
    for (let depth = 0; leaf !== undefined && depth <= commentDepthMax; depth += 1) leaf = await repository.removeLeaf(tx, leaf);
  }
  await repository.uncount(tx, locked.postId);
  return locked;
}
