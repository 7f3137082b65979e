/**
 * Who is in a sanctum, and as what.
 *
 * Anyone joins a public sanctum, except those who are banned from it, and leaves any. Nobody is put into one: people are invited
 * (invitations.service.ts). The one owner gives roles; owner and moderators remove those below them, which bans them
 * (bans.service.ts). The owner cannot leave: a sanctum always has one, and hands it over by an invitation that the next one accepts.
 * Every change locks the sanctum before it looks at roles, so that no decision rests on a role that has gone.
 */
import { z } from 'zod';
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Announcements } from '../../events/events.ts';
import type { Cursors } from '../../api/cursor.ts';
import { composePage } from '../../api/pages.ts';
import type { Reader } from '../../api/reader.ts';
import type { SanctumConversations } from '../conversations/sanctum-conversations.service.ts';
import { isBanned } from './bans.repository.ts';
import * as invitations from './invitations.repository.ts';
import * as memberships from './memberships.repository.ts';
import type { Candidate } from './memberships.repository.ts';
import { lockAsModerator, lockWithRole, outranks, seenBy } from '../sanctums/sanctum-of-reader.ts';
import type { Member, MemberRole, Sanctum } from '../sanctums/sanctums.schema.ts';

export interface MembershipsDependencies {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly events: Announcements;
  readonly places: SanctumConversations;
}

export interface Memberships {
  /** Safe to repeat. Throws `sanctum.not_found`, `sanctum.private`, `sanctum.banned`. */
  join(reader: Reader, name: string): Promise<Sanctum>;
  /** Safe to repeat. Throws `sanctum.not_found`, `sanctum.owner_stays`. */
  leave(reader: Reader, name: string): Promise<Sanctum>;
  /** For the owner. Throws `sanctum.not_found`, `membership.not_found`, `access.denied`, `sanctum.owner_stays`. */
  set(reader: Reader, name: string, username: string, role: Exclude<MemberRole, 'owner'>): Promise<Member>;
  /** JSON text of a page. Throws `sanctum.not_found` also for a private sanctum of others, `cursor.*`. */
  listText(reader: Reader | null, name: string, page: { readonly cursor: string | undefined; readonly limit: number }): Promise<string>;
}

const position = z.object({ userId: z.string().regex(/^\d{1,19}$/) });
const firstUserId = '0';

export function createMemberships({ db, cursors, events, places }: MembershipsDependencies): Memberships {
  return {
    join: (reader, name) =>
      db.transaction(async (tx) => {
        const { id, visibility, role } = await lockWithRole(tx, reader, name);
        if (role !== undefined) return seenBy(tx, reader, name);
        if (await isBanned(tx, id, reader.userId)) throw new AppError('sanctum.banned');
        if (visibility === 'private') throw new AppError('sanctum.private');
        await memberships.join(tx, id, reader.userId, 'member');
        await places.welcome(tx, id, reader.userId);
        events.announce(tx, 'memberJoined', { sanctumId: id, userId: reader.userId });
        return seenBy(tx, reader, name);
      }),

    leave: (reader, name) =>
      db.transaction(async (tx) => {
        const { id, role } = await lockWithRole(tx, reader, name);
        if (role === 'owner') throw new AppError('sanctum.owner_stays');
        if (role !== undefined) {
          await memberships.remove(tx, id, reader.userId);
          // A role that was offered to the member is not one for the stranger.
          await invitations.remove(tx, id, reader.userId);
          await places.dismiss(tx, id, reader.userId);
          events.announce(tx, 'memberLeft', { sanctumId: id, userId: reader.userId });
        }
        return seenBy(tx, reader, name);
      }),

    set: (reader, name, username, role) =>
      db.transaction(async (tx) => {
        const sanctum = await lockAsModerator(tx, reader, name);
        if (sanctum.role !== 'owner') throw new AppError('access.denied');
        const candidate = await memberships.findCandidate(tx, reader.userId, sanctum.id, username);
        if (candidate?.role === undefined) throw new AppError('membership.not_found');
        if (!outranks(sanctum.role, candidate.role)) throw new AppError('sanctum.owner_stays');
        if (candidate.role !== role) await memberships.changeRole(tx, sanctum.id, candidate.userId, role);
        return toMember(candidate, role);
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

function toMember(candidate: Candidate, role: MemberRole): Member {
  if (candidate.createdAt === undefined) throw new Error(`the membership of user ${candidate.userId} has no beginning: it was not written`);
  return { username: candidate.username, displayName: candidate.displayName, role, createdAt: candidate.createdAt.toISOString() };
}
