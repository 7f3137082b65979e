/** Reads and writes memberships. */
import type { Executor } from '../../db/database.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import * as queries from './memberships.queries.ts';
import type { MemberRole } from '../sanctums/sanctums.schema.ts';

/** Someone who may become, be or cease to be a member. */
export interface Candidate {
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  /** Undefined when not a member. */
  readonly role: MemberRole | undefined;
  readonly createdAt: Date | undefined;
  readonly banned: boolean;
  /** The one who asks and this person do not see each other; for moderation that makes no difference. */
  readonly hidden: boolean;
  /** What the person is offered at present, or declined not long ago. */
  readonly invitation: { readonly role: MemberRole; readonly declined: boolean } | undefined;
}

export async function findCandidate(
  executor: Executor,
  readerId: string,
  sanctumId: string,
  username: string,
): Promise<Candidate | undefined> {
  const row = await executor.maybeOne(queries.readCandidate, { sanctumId, username, readerId });
  if (row === undefined) return undefined;
  return {
    userId: row.id,
    username: row.username,
    displayName: row.display_name,
    role: row.role ?? undefined,
    createdAt: row.created_at ?? undefined,
    banned: row.banned,
    hidden: row.hidden,
    invitation: row.invited_role === null ? undefined : { role: row.invited_role, declined: row.declined },
  };
}

/** The reader, whose account may have gone after the access token was given out. */
export const constraintErrors = { fk_memberships_user: 'auth.required' } as const satisfies ConstraintErrors;

/** People enter by themselves only. Nothing when they are in already. Throws `auth.required`. */
export async function join(tx: Executor, sanctumId: string, readerId: string, role: MemberRole): Promise<void> {
  await onConstraint(constraintErrors, () => tx.maybeOne(queries.addMembership, { sanctumId, userId: readerId, role }));
}

export async function remove(tx: Executor, sanctumId: string, userId: string): Promise<void> {
  await tx.maybeOne(queries.removeMembership, { sanctumId, userId });
}

export async function changeRole(tx: Executor, sanctumId: string, userId: string, role: MemberRole): Promise<void> {
  await tx.one(queries.changeRole, { sanctumId, userId, role });
}

/** The old owner stays as moderator. In this order, because a sanctum never has two owners. */
export async function transfer(tx: Executor, sanctumId: string, fromUserId: string, toUserId: string): Promise<void> {
  await changeRole(tx, sanctumId, fromUserId, 'moderator');
  await changeRole(tx, sanctumId, toUserId, 'owner');
  await tx.one(queries.changeOwner, { sanctumId, ownerId: toUserId });
}

/** Undefined when there is no such sanctum, or the reader may not see its members. */
export async function findPage(executor: Executor, name: string, readerId: string | null, afterUserId: string, limit: number) {
  const rows = await executor.run(queries.listMembers, { name, readerId, afterUserId, limit });
  if (rows[0]?.visible !== true) return undefined;
  return rows.flatMap(({ item, user_id: userId }) => (item === null || userId === null ? [] : [{ item, userId }]));
}
