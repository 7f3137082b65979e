/**
 * Who is kept out of a sanctum. Removing a member bans them: they neither join nor are invited again, and write no comments there, until
 * the owner or a moderator lifts it. A person who is no member can be banned too. Nobody acts on their equals or on those above.
 */
import { z } from 'zod';
import type { Database, Executor } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Announcements } from '../../events/events.ts';
import type { Cursors } from '../../api/cursor.ts';
import { composePage } from '../../api/pages.ts';
import type { Reader } from '../../api/reader.ts';
import type { SanctumConversations } from '../conversations/sanctum-conversations.service.ts';
import * as bans from './bans.repository.ts';
import * as invitations from './invitations.repository.ts';
import * as memberships from './memberships.repository.ts';
import type { Candidate } from './memberships.repository.ts';
import { findAsModerator, lockAsModerator, type ModeratedSanctum, outranks } from '../sanctums/sanctum-of-reader.ts';
import type { Ban } from '../sanctums/sanctums.schema.ts';

export interface BansDependencies {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly events: Announcements;
  readonly places: SanctumConversations;
}

export interface Bans {
  /** Removes a member and bans them. Throws `sanctum.not_found`, `membership.not_found`, `access.denied`, `sanctum.owner_stays`. */
  removeMember(reader: Reader, name: string, username: string): Promise<void>;
  /** Member or not; safe to repeat. Throws `sanctum.not_found`, `user.not_found`, `access.denied`, `sanctum.owner_stays`. */
  ban(reader: Reader, name: string, username: string): Promise<Ban>;
  /** Throws `sanctum.not_found`, `ban.not_found`, `access.denied`. */
  lift(reader: Reader, name: string, username: string): Promise<void>;
  /** JSON text of a page, for owner and moderators. Throws `sanctum.not_found`, `access.denied`, `cursor.*`. */
  listText(reader: Reader, name: string, page: { readonly cursor: string | undefined; readonly limit: number }): Promise<string>;
}

const position = z.object({ userId: z.string().regex(/^\d{1,19}$/) });
const firstUserId = '0';

export function createBans({ db, cursors, events, places }: BansDependencies): Bans {
  /** When the ban began. */
  async function banCandidate(tx: Executor, sanctum: ModeratedSanctum, { userId, role }: Candidate): Promise<Date> {
    if (role === 'owner') throw new AppError(sanctum.role === 'owner' ? 'sanctum.owner_stays' : 'access.denied');
    if (role !== undefined && !outranks(sanctum.role, role)) throw new AppError('access.denied');
    await memberships.remove(tx, sanctum.id, userId);
    await invitations.remove(tx, sanctum.id, userId);
    const since = await bans.add(tx, sanctum.id, userId);
    if (role !== undefined) await places.dismiss(tx, sanctum.id, userId);
    events.announce(tx, 'memberBanned', { sanctumId: sanctum.id, userId });
    return since;
  }

  return {
    removeMember: (reader, name, username) =>
      db.transaction(async (tx) => {
        const sanctum = await lockAsModerator(tx, reader, name);
        const candidate = await memberships.findCandidate(tx, reader.userId, sanctum.id, username);
        if (candidate?.role === undefined) throw new AppError('membership.not_found');
        await banCandidate(tx, sanctum, candidate);
      }),

    ban: (reader, name, username) =>
      db.transaction(async (tx) => {
        const sanctum = await lockAsModerator(tx, reader, name);
        const candidate = await memberships.findCandidate(tx, reader.userId, sanctum.id, username);
        if (candidate === undefined) throw new AppError('user.not_found');
        const since = await banCandidate(tx, sanctum, candidate);
        return { username: candidate.username, displayName: candidate.displayName, createdAt: since.toISOString() };
      }),

    lift: (reader, name, username) =>
      db.transaction(async (tx) => {
        const sanctum = await lockAsModerator(tx, reader, name);
        const candidate = await memberships.findCandidate(tx, reader.userId, sanctum.id, username);
        if (candidate === undefined || !(await bans.lift(tx, sanctum.id, candidate.userId))) throw new AppError('ban.not_found');
      }),

    async listText(reader, name, { cursor, limit }) {
      const { id } = await findAsModerator(db, reader, name);
      const scope = `bans:${id}:${reader.userId}`;
      const after = cursor === undefined ? firstUserId : cursors.open(scope, cursor, position).userId;
      const rows = await bans.findPage(db, id, after, limit + 1);
      return composePage(rows, limit, (last) => cursors.sign(scope, { userId: last.id }));
    },
  };
}
