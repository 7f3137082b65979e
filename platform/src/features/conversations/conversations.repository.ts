/** Conversations in PostgreSQL. JSON texts are complete answers of the API. */
import type { Executor } from '../../db/executor.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import * as queries from './conversations.queries.ts';

/** An account may have gone after its access token was given out, or since it was looked up. */
export const constraintErrors = {
  fk_conversations_low_user: 'user.not_found',
  fk_conversations_high_user: 'user.not_found',
} as const satisfies ConstraintErrors;

/** Somebody to write to. */
export interface Addressee {
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  /** They take messages from who asks. */
  readonly welcome: boolean;
}

export interface ListPosition {
  /** A time as PostgreSQL writes it, to the microsecond. */
  readonly activeAt: string;
  readonly id: string;
}

export function findPage(executor: Executor, readerId: string, after: ListPosition | undefined, limit: number) {
  return executor.run(queries.listConversations, { reader: readerId, ...(after ?? queries.firstPosition), limit });
}

/** Undefined when the reader does not know of it. */
export async function find(executor: Executor, readerId: string, id: string): Promise<string | undefined> {
  return (await executor.maybeOne(queries.readConversationById, { reader: readerId, id }))?.conversation;
}

export async function findOfSanctum(executor: Executor, readerId: string, name: string): Promise<string | undefined> {
  return (await executor.maybeOne(queries.readConversationOfSanctum, { reader: readerId, name }))?.conversation;
}

export async function isReadable(executor: Executor, readerId: string, id: string): Promise<boolean> {
  return (await executor.maybeOne(queries.mayReadConversation, { reader: readerId, id })) !== undefined;
}

/** Those of the names that belong to somebody who is not hidden from the reader. */
export async function findAddressees(executor: Executor, readerId: string, usernames: readonly string[]): Promise<Addressee[]> {
  const rows = await executor.run(queries.findAddressees, { reader: readerId, usernames });
  return rows.map(({ id, username, display_name, welcome }) => ({ userId: id, username, displayName: display_name, welcome }));
}

function pairOf(oneId: string, otherId: string) {
  const [low, high] = BigInt(oneId) < BigInt(otherId) ? [oneId, otherId] : [otherId, oneId];
  return { low, high };
}

export async function findDirect(executor: Executor, oneId: string, otherId: string): Promise<string | undefined> {
  return (await executor.maybeOne(queries.findDirect, pairOf(oneId, otherId)))?.id;
}

/** Undefined when somebody opened it at the same moment. Throws `user.not_found`. */
export async function openDirect(tx: Executor, oneId: string, otherId: string): Promise<string | undefined> {
  return (await onConstraint(constraintErrors, () => tx.maybeOne(queries.openDirect, pairOf(oneId, otherId))))?.id;
}

export async function foundGroup(tx: Executor, ownerId: string, title: string): Promise<string> {
  return (await tx.one(queries.foundGroup, { title, owner: ownerId })).id;
}

export function lock(tx: Executor, id: string) {
  return tx.maybeOne(queries.lockConversation, { id });
}

export async function update(
  tx: Executor,
  id: string,
  change: { readonly title?: string | undefined; readonly slowModeSeconds?: number | undefined },
) {
  await tx.one(queries.updateConversation, { id, title: change.title ?? null, slow_mode_seconds: change.slowModeSeconds ?? null });
}

export async function close(tx: Executor, id: string): Promise<void> {
  await tx.one(queries.closeConversation, { id });
}

export async function findIdOfSanctum(tx: Executor, sanctumId: string): Promise<string | undefined> {
  return (await tx.maybeOne(queries.findIdOfSanctum, { sanctum: sanctumId }))?.id;
}
