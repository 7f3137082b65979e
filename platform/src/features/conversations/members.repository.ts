/** Who is in a direct conversation or a group, in PostgreSQL. */
import type { Executor } from '../../db/executor.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import * as queries from './members.queries.ts';

/** Somebody may have gone since they were looked up. */
export const constraintErrors = {
  fk_conversation_memberships_user: 'user.not_found',
  fk_conversation_memberships_inviter: 'auth.required',
} as const satisfies ConstraintErrors;

export interface Person {
  readonly username: string;
  readonly displayName: string;
}

export interface GroupMember extends Person {
  readonly userId: string;
  readonly role: ConversationRole;
}

export type ConversationRole = 'owner' | 'moderator' | 'member' | 'invited';

/** Undefined when the conversation is not there for the person. */
export async function findRole(executor: Executor, conversationId: string, userId: string): Promise<ConversationRole | undefined> {
  return (await executor.maybeOne(queries.readRole, { conversation: conversationId, user: userId }))?.role;
}

/** JSON text. Undefined when the conversation is not there for the reader. */
export async function findMembers(executor: Executor, conversationId: string, readerId: string): Promise<string | undefined> {
  const row = await executor.maybeOne(queries.listMembers, { conversation: conversationId, user: readerId });
  return row === undefined ? undefined : `{"items":${row.items},"position":${row.position}}`;
}

/** The ids of those who are invited now. */
export async function invite(tx: Executor, conversationId: string, userIds: readonly string[], inviterId: string): Promise<string[]> {
  const rows = await onConstraint(constraintErrors, () =>
    tx.run(queries.invite, { conversation: conversationId, users: userIds, inviter: inviterId }),
  );
  return rows.map((row) => row.user_id);
}

/** True when one of them declined, and stays uninvited for that. */
export async function hasDeclined(tx: Executor, conversationId: string, userIds: readonly string[]): Promise<boolean> {
  return (await tx.one(queries.hasDeclined, { conversation: conversationId, users: userIds })).declined;
}

export async function countPeople(tx: Executor, conversationId: string): Promise<number> {
  return (await tx.one(queries.countPeople, { conversation: conversationId })).count;
}

export async function countOwn(tx: Executor, userId: string, countMax: number): Promise<number> {
  return (await tx.one(queries.countOwn, { user: userId, countMax })).count;
}

/** False when the person is not invited. */
export async function accept(tx: Executor, conversationId: string, userId: string): Promise<boolean> {
  return (await tx.maybeOne(queries.acceptInvitation, { conversation: conversationId, user: userId })) !== undefined;
}

export async function decline(tx: Executor, conversationId: string, userId: string): Promise<void> {
  await tx.maybeOne(queries.declineInvitation, { conversation: conversationId, user: userId });
}

export async function remove(tx: Executor, conversationId: string, userId: string): Promise<void> {
  await tx.maybeOne(queries.removeMember, { conversation: conversationId, user: userId });
}

/** The new owner; undefined when nobody is left. */
export async function passOwnership(tx: Executor, conversationId: string): Promise<Person | undefined> {
  const row = await tx.maybeOne(queries.passOwnership, { conversation: conversationId });
  return row === undefined ? undefined : { username: row.username, displayName: row.display_name };
}

export async function findMember(tx: Executor, conversationId: string, username: string): Promise<GroupMember | undefined> {
  const row = await tx.maybeOne(queries.findMember, { conversation: conversationId, username });
  return row === undefined ? undefined : { userId: row.id, username: row.username, displayName: row.display_name, role: row.role };
}

export async function findPerson(executor: Executor, userId: string): Promise<Person> {
  const row = await executor.one(queries.readPerson, { user: userId });
  return { username: row.username, displayName: row.display_name };
}
