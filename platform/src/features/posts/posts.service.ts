/** The rules of posts: members write, authors edit, authors, moderators and administrators delete, readers like. */
import { readerParameters, writerParameters } from '../../api/reader-parameters.ts';
import type { Database, Executor } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Announcements } from '../../events/events.ts';
import type { RateLimiter } from '../../limits/rate-limiter.ts';
import type { Reader } from '../../api/reader.ts';
import type { Markdown } from '../../text/markdown.ts';
import { mentionedNames } from '../notifications/mentions.ts';
import type { Notify } from '../notifications/notifications.causes.ts';
import * as repository from './posts.repository.ts';
import { postHtmlBytesMax, type CreatePost, type LikeState, type UpdatePost } from './posts.schema.ts';

export interface Posts {
  /** The whole post as JSON text. Throws `post.not_found`. */
  get(reader: Reader | null, postId: string): Promise<string>;
  /** The new post as JSON text. Throws `sanctum.not_found`, `sanctum.not_member`. */
  create(tx: Executor, reader: Reader, sanctum: string, post: CreatePost, bodyHtml: string): Promise<string>;
  /** The changed post as JSON text. Throws `post.not_found`, and `access.denied` for anyone but the author. */
  update(reader: Reader, postId: string, change: UpdatePost): Promise<string>;
  /** Throws `post.not_found`, `access.denied`. */
  remove(reader: Reader, postId: string): Promise<void>;
  /** Safe to repeat. Throws `post.not_found`, `request.rate_limited` for a reader who changes their mind without end. */
  setLiked(reader: Reader, postId: string, liked: boolean): Promise<LikeState>;
  /** Safe HTML of a body; rendered before a transaction begins, so that no lock waits for it. */
  render(body: string): Promise<string>;
}

export interface PostsDependencies {
  readonly db: Database;
  readonly markdown: Markdown;
  readonly limiter: Pick<RateLimiter<'likeChanges'>, 'consume'>;
  readonly events: Announcements;
  readonly notify: Notify;
}

export function createPosts({ db, markdown, limiter, events, notify }: PostsDependencies): Posts {
  /** A writer who may see the post learns that it is not theirs; everyone else that there is none. */
  async function refuse(reader: Reader, postId: string): Promise<never> {
    const readable = await repository.isReadable(db, readerParameters(reader), postId);
    throw new AppError(readable ? 'access.denied' : 'post.not_found');
  }

  return {
    render: (body) => markdown.render(body, postHtmlBytesMax),
    async get(reader, postId) {
      const post = await repository.findPost(db, readerParameters(reader), postId);
      if (post === undefined) throw new AppError('post.not_found');
      return post;
    },
    async create(tx, reader, sanctum, post, bodyHtml) {
      const created = await repository.insertPost(tx, writerParameters(reader), sanctum, post, bodyHtml);
      if (created !== undefined) {
        // A new post concerns those alone whom it calls by name.
        if (mentionedNames(`${post.title}\n${post.body}`).length > 0) await notify(tx, { kind: 'post', postId: created.id });
        return created.post;
      }
      const readable = await repository.isSanctumReadable(tx, readerParameters(reader), sanctum);
      throw new AppError(readable ? 'sanctum.not_member' : 'sanctum.not_found');
    },
    async update(reader, postId, change) {
      const bodyHtml = change.body === undefined ? null : await markdown.render(change.body, postHtmlBytesMax);
      const updated = await repository.updatePost(db, writerParameters(reader), postId, {
        title: change.title ?? null,
        body: change.body ?? null,
        bodyHtml,
      });
      return updated ?? (await refuse(reader, postId));
    },
    async remove(reader, postId) {
      const removed = await db.transaction(async (tx) => {
        const gone = await repository.deletePost(tx, writerParameters(reader), postId);
        if (gone === undefined) return false;
        const { authorId: userId, sanctumId } = gone;
        if (userId !== reader.userId) await notify(tx, { kind: 'removal', of: 'post', id: postId, userId, sanctumId });
        events.announce(tx, 'postRemoved', { postId });
        return true;
      });
      if (!removed) await refuse(reader, postId);
    },
    async setLiked(reader, postId, liked) {
      const { allowed, retryAfterSeconds } = await limiter.consume('likeChanges', `user:${reader.userId} post:${postId}`);
      if (!allowed) throw new AppError('request.rate_limited', { retryAfterSeconds });
      const state = await repository.setLiked(db, writerParameters(reader), postId, liked);
      if (state === undefined) throw new AppError('post.not_found');
      return state;
    },
  };
}
