/** Reads and writes bans. */
import type { Executor } from '../../db/database.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import * as queries from './bans.queries.ts';

/** Somebody else, who may have gone since they were looked up. */
export const constraintErrors = { fk_sanctum_bans_user: 'user.not_found' } as const satisfies ConstraintErrors;

/** When the ban began; an earlier one stays as it is. Throws `user.not_found`. */
export async function add(tx: Executor, sanctumId: string, userId: string): Promise<Date> {
  return (await onConstraint(constraintErrors, () => tx.one(queries.addBan, { sanctumId, userId }))).created_at;
}

/** False when there was none. */
export async function lift(tx: Executor, sanctumId: string, userId: string): Promise<boolean> {
  return (await tx.maybeOne(queries.liftBan, { sanctumId, userId })) !== undefined;
}

export async function isBanned(tx: Executor, sanctumId: string, userId: string): Promise<boolean> {
  return (await tx.maybeOne(queries.readBan, { sanctumId, userId })) !== undefined;
}

/** Items as JSON text, with the id that a cursor goes on from. */
export function findPage(executor: Executor, sanctumId: string, afterUserId: string, limit: number) {
  return executor.run(queries.listBans, { sanctumId, afterUserId, limit });
}
