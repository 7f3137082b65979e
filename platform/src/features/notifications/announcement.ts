/** From what happened to whom it is told, as far as that does not depend on what they chose. */
import type { Executor } from '../../db/database.ts';
import type { Announcement, Concern } from './concern.ts';
import type { Cause } from './notifications.causes.ts';
import { mentionedNames } from './mentions.ts';
import * as repository from './notifications.repository.ts';

const nowhere = { sanctumId: null, postId: null, isInside: false, number: null, eventCommentId: null } as const;

/** Undefined when it is gone, or concerns nobody. */
export async function announcementOf(executor: Executor, happened: Cause): Promise<Announcement | undefined> {
  switch (happened.kind) {
    case 'comment':
      return ofComment(executor, happened.commentId);
    case 'post':
      return ofPost(executor, happened.postId);
    case 'likes':
      return ofLikes(executor, happened);
    case 'invitation': {
      const { sanctumId, userId, inviterId, day } = happened;
      const concern: Concern = { person: { id: userId }, type: 'invitation', group: `invitation:${sanctumId}`, commentId: null };
      return { ...nowhere, cause: `invitation:${sanctumId}:${day}`, actorId: inviterId, sanctumId, concerns: [concern] };
    }
    case 'friend_request':
    case 'friend_accepted': {
      const { kind, userId, actorId, day } = happened;
      return {
        ...nowhere,
        cause: `${kind}:${actorId}:${day}`,
        actorId,
        concerns: [{ person: { id: userId }, type: kind, group: kind, commentId: null }],
      };
    }
    case 'removal': {
      const { of, id, userId, sanctumId } = happened;
      const concern: Concern = { person: { id: userId }, type: 'removal', group: `removal:${sanctumId}`, commentId: null };
      // Nobody is told which moderator it was.
      return { ...nowhere, cause: `removal:${of}:${id}`, actorId: null, sanctumId, concerns: [concern] };
    }
  }
}

async function ofComment(executor: Executor, commentId: string): Promise<Announcement | undefined> {
  const comment = await repository.findComment(executor, commentId);
  if (comment === undefined) return undefined;
  const { authorId, postId, sanctumId, postAuthorId, parent } = comment;
  const reply: Concern =
    parent === undefined
      ? { person: { id: postAuthorId }, type: 'reply', group: `reply:post:${postId}`, commentId: null }
      : { person: { id: parent.authorId }, type: 'reply', group: `reply:comment:${parent.id}`, commentId: parent.id };
  const mentions = await mentionsOf(executor, authorId, postId, comment.body);
  return {
    cause: `comment:${commentId}`,
    actorId: authorId,
    sanctumId,
    postId,
    isInside: true,
    number: null,
    eventCommentId: commentId,
    concerns: [reply, ...mentions],
  };
}

async function ofPost(executor: Executor, postId: string): Promise<Announcement | undefined> {
  const post = await repository.findPost(executor, postId);
  if (post === undefined) return undefined;
  const { authorId, sanctumId, title, body } = post;
  const concerns = await mentionsOf(executor, authorId, postId, `${title}\n${body}`);
  return { ...nowhere, cause: `post:${postId}`, actorId: authorId, sanctumId, postId, isInside: true, concerns };
}

async function ofLikes(
  executor: Executor,
  { of, id, count, likerId }: Extract<Cause, { kind: 'likes' }>,
): Promise<Announcement | undefined> {
  const group = `likes:${of}:${id}`;
  const cause = `${group}:${count}`;
  if (of === 'post') {
    const post = await repository.findPost(executor, id);
    // Their own like is none to tell them of.
    if (post === undefined || (count === 1 && post.authorId === likerId)) return undefined;
    const { authorId, sanctumId } = post;
    const concern: Concern = { person: { id: authorId }, type: 'likes', group, commentId: null };
    return { ...nowhere, cause, actorId: null, sanctumId, postId: id, isInside: true, number: count, concerns: [concern] };
  }
  const comment = await repository.findComment(executor, id);
  if (comment === undefined || (count === 1 && comment.authorId === likerId)) return undefined;
  const { authorId, sanctumId, postId } = comment;
  const concern: Concern = { person: { id: authorId }, type: 'likes', group, commentId: id };
  return { ...nowhere, cause, actorId: null, sanctumId, postId, isInside: true, number: count, concerns: [concern] };
}

/** People whom one person may call in an hour; whom they call beyond it is not told. */
export const mentionsPerHourMax = 60;

async function mentionsOf(executor: Executor, authorId: string, postId: string, text: string): Promise<Concern[]> {
  const names = mentionedNames(text);
  if (names.length === 0) return [];
  const room = mentionsPerHourMax - (await repository.countMentions(executor, authorId, mentionsPerHourMax));
  return names
    .slice(0, Math.max(0, room))
    .map((name) => ({ person: { name }, type: 'mention', group: `mention:post:${postId}`, commentId: null }));
}
