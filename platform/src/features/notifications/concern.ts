/** Whom a happening concerns, and how. */
import type { notificationTypes } from './notifications.schema.ts';

/** One way in which it concerns a person; of several for one person the first that they want is told. */
export interface Concern {
  /** By id, or by name where a text called them. */
  readonly person: { readonly id: string } | { readonly name: string };
  readonly type: (typeof notificationTypes)[number];
  /** What happens to the same thing is one line. */
  readonly group: string;
  /** The comment that the line is about. */
  readonly commentId: string | null;
}

export interface Announcement {
  /** The same for every run of the job. */
  readonly cause: string;
  readonly actorId: string | null;
  readonly sanctumId: string | null;
  readonly postId: string | null;
  /** True when only those are told who may read the sanctum. */
  readonly isInside: boolean;
  readonly number: number | null;
  /** The comment that is what happened. */
  readonly eventCommentId: string | null;
  readonly concerns: readonly Concern[];
}
