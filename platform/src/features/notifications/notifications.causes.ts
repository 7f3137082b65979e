/** What people may have to be told of. Whoever does it says so in the transaction that does it; who is told, a job decides. */
import { z } from 'zod';
import { idText } from '../../api/shapes.ts';
import type { Executor } from '../../db/database.ts';

const day = z.iso.date();

export const cause = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('comment'), commentId: idText }),
  z.object({ kind: z.literal('post'), postId: idText }),
  z.object({ kind: z.literal('likes'), of: z.enum(['post', 'comment']), id: idText, count: z.int().positive(), likerId: idText }),
  z.object({ kind: z.literal('invitation'), sanctumId: idText, userId: idText, inviterId: idText, day }),
  z.object({ kind: z.literal('friend_request'), userId: idText, actorId: idText, day }),
  z.object({ kind: z.literal('friend_accepted'), userId: idText, actorId: idText, day }),
  z.object({ kind: z.literal('removal'), of: z.enum(['post', 'comment']), id: idText, userId: idText, sanctumId: idText }),
]);

export type Cause = z.output<typeof cause>;

/** The job that tells people, as far as whoever writes it has to know it. */
export const notifyJob = { name: 'notify', attemptsMax: 12 } as const;

/** Writes the job that tells people, in the caller's transaction: they are told when the rest is committed, and not otherwise. */
export type Notify = (tx: Executor, happened: Cause) => Promise<void>;

/** What may be asked anew on another day tells anew then, and not twice on one. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Numbers of likes that are worth telling. */
export const likeMilestones: readonly number[] = [1, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 100_000, 1_000_000];
