/** Reads and writes sanctums. */
import type { Executor } from '../../db/database.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import * as queries from './sanctums.queries.ts';
import type { CreateSanctum, MemberRole, Sanctum, UpdateSanctum, Visibility } from './sanctums.schema.ts';

export interface LockedSanctum {
  readonly id: string;
  readonly visibility: Visibility;
}

/** The founder's account may have gone after the access token was given out. */
export const constraintErrors = {
  idx_sanctums_name_unique: 'sanctum.name_taken',
  idx_sanctums_name_look_unique: 'sanctum.name_taken',
  fk_sanctums_owner: 'auth.required',
  fk_memberships_user: 'auth.required',
} as const satisfies ConstraintErrors;

/** Throws `sanctum.name_taken` or `auth.required`; the database decides, however many ask at once. */
export async function insertSanctum(tx: Executor, ownerId: string, body: CreateSanctum): Promise<Sanctum> {
  return toSanctum(await onConstraint(constraintErrors, () => tx.one(queries.createSanctum, { ...body, ownerId })));
}

export async function findSanctum(executor: Executor, name: string, readerId: string | null): Promise<Sanctum | undefined> {
  const row = await executor.maybeOne(queries.readSanctum, { name, readerId });
  return row === undefined ? undefined : toSanctum(row);
}

export function lock(tx: Executor, name: string): Promise<LockedSanctum | undefined> {
  return tx.maybeOne(queries.lockSanctum, { name });
}

export function lockAgainstPosts(tx: Executor, name: string): Promise<LockedSanctum | undefined> {
  return tx.maybeOne(queries.lockSanctumAgainstPosts, { name });
}

export async function update(tx: Executor, sanctumId: string, change: UpdateSanctum): Promise<void> {
  const { title = null, description = null, visibility = null } = change;
  await tx.one(queries.updateSanctum, { sanctumId, title, description, visibility });
}

export async function holdsPrivateTraces(tx: Executor, sanctumId: string, exceptId: string): Promise<boolean> {
  return (await tx.one(queries.holdsPrivateTraces, { sanctumId, exceptId })).found;
}

export async function findRole(executor: Executor, sanctumId: string, userId: string): Promise<MemberRole | undefined> {
  return (await executor.maybeOne(queries.readRole, { sanctumId, userId }))?.role;
}

/** One page of JSON texts behind the sanctum of this id, biggest first; `mine` keeps to the reader's memberships. */
export function findPage(
  executor: Executor,
  readerId: string | null,
  mine: boolean,
  afterId: string | undefined,
  limit: number,
): Promise<queries.ListRow[]> {
  const after = { afterId: afterId ?? queries.beforeAllSanctums };
  if (mine && readerId !== null) return executor.run(queries.listMySanctums, { readerId, ...after, limit });
  return executor.run(queries.listSanctums, { readerId, ...after, limit });
}

function toSanctum(row: queries.SanctumRow): Sanctum {
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    description: row.description,
    visibility: row.visibility,
    memberCount: row.member_count,
    createdAt: row.created_at.toISOString(),
    role: row.role,
  };
}
