/** A sanctum under lock, as it is to one reader: where every change of a sanctum or of who is in it begins. */
import type { Executor } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Reader } from '../../api/reader.ts';
import { findRole, findSanctum, lock, type LockedSanctum } from './sanctums.repository.ts';
import type { MemberRole, Sanctum } from './sanctums.schema.ts';

export interface SanctumOfReader extends LockedSanctum {
  readonly role: MemberRole | undefined;
}

export interface ModeratedSanctum extends LockedSanctum {
  readonly role: 'owner' | 'moderator';
}

/** Throws `sanctum.not_found`. */
export async function lockWithRole(tx: Executor, reader: Reader, name: string): Promise<SanctumOfReader> {
  const locked = await lock(tx, name);
  if (locked === undefined) throw new AppError('sanctum.not_found');
  return { ...locked, role: await findRole(tx, locked.id, reader.userId) };
}

/** Throws `sanctum.not_found`, and `access.denied` for anyone but its owner and moderators. */
export async function lockAsModerator(tx: Executor, reader: Reader, name: string): Promise<ModeratedSanctum> {
  const { role, ...locked } = await lockWithRole(tx, reader, name);
  if (role !== 'owner' && role !== 'moderator') throw new AppError('access.denied');
  return { ...locked, role };
}

/** The same without the lock, for reading. */
export async function findAsModerator(executor: Executor, reader: Reader, name: string): Promise<{ readonly id: string }> {
  const { id, role } = await seenBy(executor, reader, name);
  if (role !== 'owner' && role !== 'moderator') throw new AppError('access.denied');
  return { id };
}

/** The sanctum as the reader sees it. Throws `sanctum.not_found`. */
export async function seenBy(executor: Executor, reader: Reader, name: string): Promise<Sanctum> {
  const sanctum = await findSanctum(executor, name, reader.userId);
  if (sanctum === undefined) throw new AppError('sanctum.not_found');
  return sanctum;
}

const ranks: Readonly<Record<MemberRole, number>> = { owner: 2, moderator: 1, member: 0 };

/** True when the first role stands above the second: nobody acts on their equals. */
export function outranks(role: MemberRole, other: MemberRole): boolean {
  return ranks[role] > ranks[other];
}
