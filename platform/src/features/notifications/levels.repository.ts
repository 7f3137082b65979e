/** Reads and writes what people chose to be told of. */
import type { Executor } from '../../db/database.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import * as queries from './levels.queries.ts';
import type { Level, Scope } from './notifications.schema.ts';

/** The id that a choice is about; undefined when there is nothing of that name that the user can see. */
export async function findScope(executor: Executor, userId: string, scope: Scope, of: string): Promise<string | undefined> {
  return (await executor.one(queries.findScope, { userId, scope, of })).id ?? undefined;
}

/** The reader's account may have gone after the access token was given out. */
export const constraintErrors = { fk_notification_levels_user: 'auth.required' } as const satisfies ConstraintErrors;

/** Undefined when the user has chosen too much already. */
export function choose(executor: Executor, userId: string, scope: Scope, scopeId: string, level: Level) {
  return onConstraint(constraintErrors, () => executor.maybeOne(queries.choose, { userId, scope, scopeId, level }));
}

export async function forget(executor: Executor, userId: string, scope: Scope, scopeId: string): Promise<void> {
  await executor.run(queries.forget, { userId, scope, scopeId });
}

export function findPage(executor: Executor, userId: string, after: { readonly scope: string; readonly id: string }, limit: number) {
  return executor.run(queries.list, { userId, afterScope: after.scope, afterId: after.id, limit });
}
