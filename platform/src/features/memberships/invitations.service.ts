/**
 * What a sanctum offers to people. Nothing of it happens before the person accepts.
 *
 * *Offered* by the owner (any role) or a moderator (a place as member), and the owner hands the sanctum over by offering
 * "owner" to a member. *Accepted*: the role is given if whoever offered it may still give it. *Declined*: it stays for the rest of its days,
 * so that the same sanctum cannot ask again at once. *Withdrawn*, void by a ban, or 30 days old: it is gone.
 */
import { z } from 'zod';
import type { Database, Executor } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Announcements } from '../../events/events.ts';
import type { Cursors } from '../../api/cursor.ts';
import { composePage } from '../../api/pages.ts';
import type { Reader } from '../../api/reader.ts';
import type { SanctumConversations } from '../conversations/sanctum-conversations.service.ts';
import { type Notify, today } from '../notifications/notifications.causes.ts';
import * as invitations from './invitations.repository.ts';
import type { ListedItem, Offer } from './invitations.repository.ts';
import * as memberships from './memberships.repository.ts';
import type { Candidate } from './memberships.repository.ts';
import {
  findAsModerator,
  lockAsModerator,
  lockWithRole,
  type ModeratedSanctum,
  outranks,
  type SanctumOfReader,
  seenBy,
} from '../sanctums/sanctum-of-reader.ts';
import type { Invitation, MemberRole, Sanctum } from '../sanctums/sanctums.schema.ts';

/** Invitations of one sanctum that wait or were declined. */
const perSanctumMax = 200;
/** Those that one person sent, to all sanctums together. */
const perInviterMax = 100;

export interface InvitationsDependencies {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly events: Announcements;
  readonly notify: Notify;
  readonly places: SanctumConversations;
}

interface PageRequest {
  readonly cursor: string | undefined;
  readonly limit: number;
}

export interface Invitations {
  /**
   * Safe to repeat. Throws `sanctum.not_found`, `access.denied`, `user.not_found`, `sanctum.banned`, `sanctum.owner_stays`,
   * `membership.not_found`, `membership.exists`, `invitation.declined`, `invitation.too_many`.
   */
  invite(reader: Reader, name: string, username: string, role: MemberRole): Promise<Invitation>;
  /** Throws `sanctum.not_found`, `access.denied`, `invitation.not_found`. */
  withdraw(reader: Reader, name: string, username: string): Promise<void>;
  /** Throws `sanctum.not_found`, `invitation.not_found`. */
  accept(reader: Reader, name: string): Promise<Sanctum>;
  /** Throws `sanctum.not_found`, `invitation.not_found`. */
  decline(reader: Reader, name: string): Promise<void>;
  /** JSON text of a page, for owner and moderators. Throws `sanctum.not_found`, `access.denied`, `cursor.*`. */
  ofSanctumText(reader: Reader, name: string, page: PageRequest): Promise<string>;
  /** JSON text of a page. Throws `cursor.*`. */
  ofReaderText(reader: Reader, page: PageRequest): Promise<string>;
}

const position = z.object({ id: z.string().regex(/^\d{1,19}$/) });
const firstId = '0';

export function createInvitations({ db, cursors, events, notify, places }: InvitationsDependencies): Invitations {
  async function listText(scope: string, { cursor, limit }: PageRequest, find: (after: string, limit: number) => Promise<ListedItem[]>) {
    const after = cursor === undefined ? firstId : cursors.open(scope, cursor, position).id;
    return composePage(await find(after, limit + 1), limit, (last) => cursors.sign(scope, { id: last.id }));
  }

  return {
    invite: (reader, name, username, role) =>
      db.transaction(async (tx) => {
        const sanctum = await lockAsModerator(tx, reader, name);
        const candidate = await memberships.findCandidate(tx, reader.userId, sanctum.id, username);
        if (candidate === undefined || candidate.hidden) throw new AppError('user.not_found');
        assertMayOffer(sanctum, candidate, role);
        if (candidate.invitation === undefined) await assertRoom(tx, sanctum.id, reader.userId);
        const written = await invitations.write(tx, sanctum.id, candidate.userId, role, reader.userId);
        await notify(tx, { kind: 'invitation', sanctumId: sanctum.id, userId: candidate.userId, inviterId: reader.userId, day: today() });
        const { username: invited, displayName } = candidate;
        return { username: invited, displayName, role, invitedBy: written.invited_by, createdAt: written.created_at.toISOString() };
      }),

    withdraw: (reader, name, username) =>
      db.transaction(async (tx) => {
        const sanctum = await lockAsModerator(tx, reader, name);
        const candidate = await memberships.findCandidate(tx, reader.userId, sanctum.id, username);
        if (candidate?.invitation === undefined || candidate.invitation.declined) throw new AppError('invitation.not_found');
        assertMayReplace(sanctum, candidate);
        await invitations.remove(tx, sanctum.id, candidate.userId);
      }),

    accept: (reader, name) =>
      db.transaction(async (tx) => {
        const sanctum = await lockWithRole(tx, reader, name);
        const offer = await invitations.find(tx, sanctum.id, reader.userId);
        if (offer === undefined || !mayStillGive(offer)) throw new AppError('invitation.not_found');
        await take(tx, reader, sanctum, offer);
        await invitations.remove(tx, sanctum.id, reader.userId);
        if (sanctum.role === undefined) {
          await places.welcome(tx, sanctum.id, reader.userId);
          events.announce(tx, 'memberJoined', { sanctumId: sanctum.id, userId: reader.userId });
        }
        return seenBy(tx, reader, name);
      }),

    decline: (reader, name) =>
      db.transaction(async (tx) => {
        const { id } = await lockWithRole(tx, reader, name);
        if (!(await invitations.decline(tx, id, reader.userId))) throw new AppError('invitation.not_found');
      }),

    async ofSanctumText(reader, name, page) {
      const { id } = await findAsModerator(db, reader, name);
      return listText(`invitations:${id}:${reader.userId}`, page, (after, limit) => invitations.findPageOfSanctum(db, id, after, limit));
    },

    ofReaderText: (reader, page) =>
      listText(`my_invitations:${reader.userId}`, page, (after, limit) => invitations.findPageOfReader(db, reader.userId, after, limit)),
  };
}

function assertMayOffer(sanctum: ModeratedSanctum, candidate: Candidate, role: MemberRole): void {
  if (role !== 'member' && sanctum.role !== 'owner') throw new AppError('access.denied');
  if (candidate.banned) throw new AppError('sanctum.banned');
  if (role === 'owner') {
    // Nobody is made responsible for a place they are not in.
    if (candidate.role === undefined) throw new AppError('membership.not_found');
    if (candidate.role === 'owner') throw new AppError('sanctum.owner_stays');
  } else if (candidate.role !== undefined) throw new AppError('membership.exists');
  if (candidate.invitation?.declined === true) throw new AppError('invitation.declined');
  assertMayReplace(sanctum, candidate);
}

/** A moderator does not undo what only the owner could offer. */
function assertMayReplace(sanctum: ModeratedSanctum, { invitation }: Candidate): void {
  if (invitation !== undefined && invitation.role !== 'member' && sanctum.role !== 'owner') throw new AppError('access.denied');
}

async function assertRoom(tx: Executor, sanctumId: string, inviterId: string): Promise<void> {
  const { of_sanctum: ofSanctum, by_inviter: byInviter } = await invitations.count(tx, sanctumId, inviterId, perSanctumMax);
  if (ofSanctum >= perSanctumMax || byInviter >= perInviterMax) throw new AppError('invitation.too_many');
}

/** An invitation is worth what its sender may give today. */
function mayStillGive({ role, inviterRole }: Offer): boolean {
  return role === 'member' ? inviterRole === 'owner' || inviterRole === 'moderator' : inviterRole === 'owner';
}

async function take(tx: Executor, reader: Reader, sanctum: SanctumOfReader, { role, invitedBy }: Offer): Promise<void> {
  if (role === 'owner') {
    if (sanctum.role === undefined) throw new AppError('invitation.not_found');
    await memberships.transfer(tx, sanctum.id, invitedBy, reader.userId);
  } else if (sanctum.role === undefined) {
    await memberships.join(tx, sanctum.id, reader.userId, role);
  } else if (outranks(role, sanctum.role)) {
    await memberships.changeRole(tx, sanctum.id, reader.userId, role);
  }
}
