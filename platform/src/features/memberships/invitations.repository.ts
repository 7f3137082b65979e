/** Reads and writes invitations. */
import type { Executor } from '../../db/database.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import * as queries from './invitations.queries.ts';
import type { MemberRole } from '../sanctums/sanctums.schema.ts';

export interface Offer {
  readonly role: MemberRole;
  readonly invitedBy: string;
  /** Undefined when the sender has left. */
  readonly inviterRole: MemberRole | undefined;
}

/** An item as JSON text, with the id that a cursor goes on from. */
export interface ListedItem {
  readonly item: string;
  readonly id: string;
}

/** Both were there when they were looked up, and may have gone since. */
export const constraintErrors = {
  fk_sanctum_invitations_user: 'user.not_found',
  fk_sanctum_invitations_inviter: 'auth.required',
} as const satisfies ConstraintErrors;

/** Throws `user.not_found`, `auth.required`. */
export function write(tx: Executor, sanctumId: string, userId: string, role: MemberRole, invitedBy: string) {
  return onConstraint(constraintErrors, () => tx.one(queries.writeInvitation, { sanctumId, userId, role, invitedBy }));
}

/** Counted no further than `countMax`. */
export function count(tx: Executor, sanctumId: string, invitedBy: string, countMax: number) {
  return tx.one(queries.countInvitations, { sanctumId, invitedBy, countMax });
}

export async function find(tx: Executor, sanctumId: string, userId: string): Promise<Offer | undefined> {
  const row = await tx.maybeOne(queries.readInvitation, { sanctumId, userId });
  return row === undefined ? undefined : { role: row.role, invitedBy: row.invited_by, inviterRole: row.inviter_role ?? undefined };
}

/** False when nothing was offered. */
export async function remove(tx: Executor, sanctumId: string, userId: string): Promise<boolean> {
  return (await tx.maybeOne(queries.removeInvitation, { sanctumId, userId })) !== undefined;
}

/** False when nothing was offered. */
export async function decline(tx: Executor, sanctumId: string, userId: string): Promise<boolean> {
  return (await tx.maybeOne(queries.declineInvitation, { sanctumId, userId })) !== undefined;
}

export function findPageOfSanctum(executor: Executor, sanctumId: string, afterUserId: string, limit: number): Promise<ListedItem[]> {
  return executor.run(queries.listOfSanctum, { sanctumId, afterUserId, limit });
}

export function findPageOfReader(executor: Executor, userId: string, afterSanctumId: string, limit: number): Promise<ListedItem[]> {
  return executor.run(queries.listOfReader, { userId, afterSanctumId, limit });
}
