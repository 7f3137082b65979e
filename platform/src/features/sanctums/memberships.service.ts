/**
 * Who is in a sanctum, and as what.
 *
 * Anyone joins a public sanctum and leaves any. Its one owner gives roles, hands the sanctum over and removes anyone else;
 * a moderator removes plain members and, in a private sanctum, adds people. The owner cannot leave: a sanctum always has one.
 * Every change locks the sanctum before it looks at roles, so that no decision rests on a role that has gone.
 */
import { z } from 'zod';
import type { Database, Executor } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Cursors } from '../../http/cursor.ts';
import { composePage } from '../../http/pages.ts';
import type { Reader } from '../../http/reader.ts';
import * as memberships from './memberships.repository.ts';
import type { Candidate } from './memberships.repository.ts';
import { findSanctum, lock, type LockedSanctum } from './sanctums.repository.ts';
import type { Member, MemberRole, Sanctum } from './sanctums.schema.ts';

export interface MembershipsOptions {
  readonly db: Database;
  readonly cursors: Cursors;
}

export interface Memberships {
  /** Safe to repeat. Throws `sanctum.not_found`, `sanctum.private`. */
  join(reader: Reader, name: string): Promise<Sanctum>;
  /** Safe to repeat. Throws `sanctum.not_found`, `sanctum.owner_stays`. */
  leave(reader: Reader, name: string): Promise<Sanctum>;
  /** Throws `sanctum.not_found`, `user.not_found`, `membership.not_found`, `access.denied`, `sanctum.owner_stays`. */
  set(reader: Reader, name: string, username: string, role: MemberRole): Promise<Member>;
  /** Throws `sanctum.not_found`, `membership.not_found`, `access.denied`, `sanctum.owner_stays`. */
  remove(reader: Reader, name: string, username: string): Promise<void>;
  /** JSON text of a page. Throws `sanctum.not_found` also for a private sanctum of others, `cursor.*`. */
  listText(reader: Reader | null, name: string, page: { readonly cursor: string | undefined; readonly limit: number }): Promise<string>;
}

const position = z.object({ userId: z.string().regex(/^\d{1,19}$/) });
const firstUserId = '0';

export function createMemberships({ db, cursors }: MembershipsOptions): Memberships {
  return {
    join: (reader, name) =>
      db.transaction(async (tx) => {
        const { id, visibility, role } = await lockWithRole(tx, reader, name);
        if (role === undefined && visibility === 'private') throw new AppError('sanctum.private');
        if (role === undefined) await memberships.join(tx, id, reader.userId);
        return seenBy(tx, reader, name);
      }),

    leave: (reader, name) =>
      db.transaction(async (tx) => {
        const { id, role } = await lockWithRole(tx, reader, name);
        if (role === 'owner') throw new AppError('sanctum.owner_stays');
        if (role !== undefined) await memberships.remove(tx, id, reader.userId);
        return seenBy(tx, reader, name);
      }),

    set: (reader, name, username, role) =>
      db.transaction(async (tx) => {
        const sanctum = await lockWithRole(tx, reader, name);
        if (sanctum.role !== 'owner' && sanctum.role !== 'moderator') throw new AppError('access.denied');
        const candidate = await memberships.findCandidate(tx, sanctum.id, username);
        if (candidate === undefined) throw new AppError('user.not_found');
        return sanctum.role === 'owner' ? setAsOwner(tx, reader, sanctum, candidate, role) : addAsModerator(tx, sanctum, candidate, role);
      }),

    remove: (reader, name, username) =>
      db.transaction(async (tx) => {
        const sanctum = await lockWithRole(tx, reader, name);
        if (sanctum.role !== 'owner' && sanctum.role !== 'moderator') throw new AppError('access.denied');
        const candidate = await memberships.findCandidate(tx, sanctum.id, username);
        if (candidate?.role === undefined) throw new AppError('membership.not_found');
        if (candidate.role === 'owner') throw new AppError(sanctum.role === 'owner' ? 'sanctum.owner_stays' : 'access.denied');
        if (sanctum.role === 'moderator' && candidate.role !== 'member') throw new AppError('access.denied');
        await memberships.remove(tx, sanctum.id, candidate.userId);
      }),

    async listText(reader, name, { cursor, limit }) {
      const readerId = reader?.userId ?? null;
      const scope = `members:${name.toLowerCase()}:${readerId ?? 'anonymous'}`;
      const after = cursor === undefined ? firstUserId : cursors.open(scope, cursor, position).userId;
      const rows = await memberships.findPage(db, name, readerId, after, limit + 1);
      if (rows === undefined) throw new AppError('sanctum.not_found');
      return composePage(rows, limit, (last) => cursors.sign(scope, { userId: last.userId }));
    },
  };
}

interface SanctumOfReader extends LockedSanctum {
  readonly role: MemberRole | undefined;
}

async function lockWithRole(tx: Executor, reader: Reader, name: string): Promise<SanctumOfReader> {
  const locked = await lock(tx, name);
  if (locked === undefined) throw new AppError('sanctum.not_found');
  return { ...locked, role: await memberships.findRole(tx, locked.id, reader.userId) };
}

async function setAsOwner(tx: Executor, reader: Reader, sanctum: SanctumOfReader, candidate: Candidate, role: MemberRole): Promise<Member> {
  if (candidate.userId === reader.userId) {
    if (role !== 'owner') throw new AppError('sanctum.owner_stays');
    return toMember(candidate, role);
  }
  if (role === 'owner') {
    // Nobody is made responsible for a place they are not in.
    if (candidate.role === undefined) throw new AppError('membership.not_found');
    await memberships.transfer(tx, sanctum.id, reader.userId, candidate.userId);
    return toMember(candidate, role);
  }
  if (candidate.role === undefined)
    return toMember({ ...candidate, createdAt: await memberships.add(tx, sanctum.id, candidate.userId, role) }, role);
  await memberships.changeRole(tx, sanctum.id, candidate.userId, role);
  return toMember(candidate, role);
}

async function addAsModerator(tx: Executor, sanctum: SanctumOfReader, candidate: Candidate, role: MemberRole): Promise<Member> {
  if (role !== 'member' || sanctum.visibility !== 'private') throw new AppError('access.denied');
  if (candidate.role === 'member') return toMember(candidate, role);
  if (candidate.role !== undefined) throw new AppError('access.denied');
  return toMember({ ...candidate, createdAt: await memberships.add(tx, sanctum.id, candidate.userId, role) }, role);
}

function toMember(candidate: Candidate, role: MemberRole): Member {
  if (candidate.createdAt === undefined) throw new Error(`the membership of user ${candidate.userId} has no beginning: it was not written`);
  return { username: candidate.username, displayName: candidate.displayName, role, createdAt: candidate.createdAt.toISOString() };
}

async function seenBy(tx: Executor, reader: Reader, name: string): Promise<Sanctum> {
  const sanctum = await findSanctum(tx, name, reader.userId);
  if (sanctum === undefined) throw new AppError('sanctum.not_found');
  return sanctum;
}
