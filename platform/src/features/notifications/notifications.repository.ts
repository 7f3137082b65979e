/** Reads and writes notifications. */
import type { Executor } from '../../db/database.ts';
import type { Announcement, Concern } from './concern.ts';
import * as audiences from './audiences.queries.ts';
import * as queries from './notifications.queries.ts';
import type { Level } from './notifications.schema.ts';

export function findPage(executor: Executor, userId: string, before: string, limit: number) {
  return executor.run(queries.list, { userId, before, limit });
}

export function countUnread(executor: Executor, userId: string) {
  return executor.one(queries.unread, { userId });
}

/** How many lines were unread. */
export async function markRead(tx: Executor, userId: string, upTo: string): Promise<number> {
  return (await tx.one(queries.markRead, { userId, upTo })).count;
}

export interface CommentInPlace {
  readonly authorId: string;
  readonly postId: string;
  readonly sanctumId: string;
  readonly postAuthorId: string;
  readonly body: string;
  readonly parent: { readonly id: string; readonly authorId: string } | undefined;
}

export async function findComment(executor: Executor, commentId: string): Promise<CommentInPlace | undefined> {
  const row = await executor.maybeOne(audiences.findComment, { commentId });
  if (row === undefined) return undefined;
  const { parent_id: parentId, parent_author_id: parentAuthorId } = row;
  return {
    authorId: row.author_id,
    postId: row.post_id,
    sanctumId: row.sanctum_id,
    postAuthorId: row.post_author_id,
    body: row.body,
    parent: parentId === null || parentAuthorId === null ? undefined : { id: parentId, authorId: parentAuthorId },
  };
}

export async function findPost(executor: Executor, postId: string) {
  const row = await executor.maybeOne(audiences.findPost, { postId });
  return row === undefined ? undefined : { authorId: row.author_id, sanctumId: row.sanctum_id, title: row.title, body: row.body };
}

export async function countMentions(executor: Executor, actorId: string, countMax: number): Promise<number> {
  return (await executor.one(audiences.countMentions, { actorId, countMax })).count;
}

export interface Listener {
  readonly id: string;
  readonly name: string;
  readonly placeLevel: Level;
  readonly personLevel: Level;
}

/** In the order of their ids. */
export async function findAudience(executor: Executor, announcement: Announcement): Promise<Listener[]> {
  const { concerns, actorId, sanctumId, postId, isInside } = announcement;
  const people = concerns.map(({ person }) => person);
  const rows = await executor.run(audiences.findAudience, {
    ids: people.flatMap((person) => ('id' in person ? person.id : [])),
    names: people.flatMap((person) => ('name' in person ? person.name : [])),
    actorId,
    sanctumId,
    postId,
    readable: isInside ? sanctumId : null,
  });
  return rows.map((row) => ({ id: row.id, name: row.name, placeLevel: row.place_level, personLevel: row.person_level }));
}

/** The line's id; undefined when this cause was told before. */
export async function tell(tx: Executor, userId: string, announcement: Announcement, concern: Concern): Promise<string | undefined> {
  const { cause, actorId, sanctumId, postId, number, eventCommentId } = announcement;
  const row = await tx.maybeOne(queries.tell, {
    userId,
    cause,
    type: concern.type,
    groupKey: concern.group,
    sanctumId,
    postId,
    commentId: concern.commentId,
    number,
    actorId,
    eventCommentId,
  });
  return row?.id;
}

/** JSON text of the line; undefined when nothing of it may be shown. */
export async function findShown(tx: Executor, userId: string, id: string): Promise<string | undefined> {
  return (await tx.maybeOne(queries.findShown, { userId, id }))?.item;
}

export async function place(tx: Executor, id: string, position: number): Promise<void> {
  await tx.run(queries.place, { id, position: String(position) });
}
