/**
 * Who is in a group, and how they come and go.
 *
 * *Invited* by the owner, unless they declined not long ago or take no messages from the owner; an invited person knows of the group and
 * reads nothing. *Member* by accepting: then all that was ever written there is theirs to read. *Out* by leaving or because the owner
 * removed them: at once, on every connection. An owner who leaves is followed by the member who is in longest; the last one
 * out closes the group. Every change locks the conversation first.
 */
import type { Reader } from '../../api/reader.ts';
import type { Database } from '../../db/database.ts';
import type { Executor } from '../../db/executor.ts';
import { AppError } from '../../errors.ts';
import type { Streams } from '../../streams/streams.ts';
import * as conversations from './conversations.repository.ts';
import { conversationsMax, groupPeopleMax } from './conversations.schema.ts';
import * as members from './members.repository.ts';

export interface ConversationMembers {
  /** JSON text. Throws `conversation.not_found`. */
  listText(reader: Reader, id: string): Promise<string>;
  /** For the owner; safe to repeat. Throws `conversation.not_found`, `conversation.other_kind`, `access.denied`, `user.not_found`, `conversation.not_welcome`, `conversation.declined`, `conversation.full`. */
  invite(reader: Reader, id: string, username: string): Promise<void>;
  /** JSON text of the conversation. Safe to repeat. Throws `conversation.not_found`, `conversation.other_kind`, `conversation.too_many`. */
  accept(reader: Reader, id: string): Promise<string>;
  /** Leaves, or declines an invitation. Throws `conversation.not_found`, `conversation.other_kind`. */
  leave(reader: Reader, id: string): Promise<void>;
  /** For the owner: a member, or an invitation. Throws `conversation.not_found`, `conversation.other_kind`, `access.denied`, `conversation.not_member`. */
  remove(reader: Reader, id: string, username: string): Promise<void>;
}

type MemberStreams = Pick<Streams, 'append' | 'appendMany' | 'endSubscriptions'>;

export function createConversationMembers({
  db,
  streams,
}: {
  readonly db: Database;
  readonly streams: MemberStreams;
}): ConversationMembers {
  return {
    async listText(reader, id) {
      const text = await members.findMembers(db, id, reader.userId);
      if (text === undefined) throw new AppError('conversation.not_found');
      return text;
    },

    invite: (reader, id, username) =>
      db.transaction(async (tx) => {
        await lockAsOwner(tx, reader, id);
        await inviteAll(tx, streams, reader, id, [username]);
      }),

    accept: (reader, id) =>
      db.transaction(async (tx) => {
        const role = await lockGroup(tx, reader, id);
        if (role === 'invited') {
          if ((await members.countOwn(tx, reader.userId, conversationsMax)) >= conversationsMax)
            throw new AppError('conversation.too_many');
          await members.accept(tx, id, reader.userId);
          await tell(tx, streams, 'member.joined', id, reader.userId, await members.findPerson(tx, reader.userId));
        }
        const found = await conversations.find(tx, reader.userId, id);
        if (found === undefined) throw new AppError('conversation.not_found');
        return found;
      }),

    leave: (reader, id) =>
      db.transaction(async (tx) => {
        const role = await lockGroup(tx, reader, id);
        if (role === 'invited') {
          await members.decline(tx, id, reader.userId);
          await streams.append(tx, userStream(reader.userId), { type: 'member.left', data: { conversationId: id } });
          return;
        }
        await takeOut(tx, streams, id, { userId: reader.userId, ...(await members.findPerson(tx, reader.userId)) }, reader.userId);
        if (role !== 'owner') return;
        const heir = await members.passOwnership(tx, id);
        if (heir === undefined) await conversations.close(tx, id);
        else
          await streams.append(
            tx,
            { kind: 'conversation', id },
            { type: 'member.changed', data: { person: personOf(heir), role: 'owner' } },
          );
      }),

    remove: (reader, id, username) =>
      db.transaction(async (tx) => {
        await lockAsOwner(tx, reader, id);
        const member = await members.findMember(tx, id, username);
        if (member === undefined) throw new AppError('conversation.not_member');
        if (member.userId === reader.userId) throw new AppError('access.denied');
        await takeOut(tx, streams, id, member, reader.userId);
      }),
  };
}

const userStream = (id: string) => ({ kind: 'user', id }) as const;
const personOf = ({ username, displayName }: members.Person) => ({ username, displayName });

/** Invites people by name; who is in or invited already stays what they are. The conversation is locked, or new. */
export async function inviteAll(
  tx: Executor,
  streams: Pick<Streams, 'appendMany'>,
  reader: Reader,
  id: string,
  usernames: readonly string[],
): Promise<void> {
  const wanted = new Set(usernames.map((name) => name.toLowerCase()));
  const found = await conversations.findAddressees(tx, reader.userId, [...wanted]);
  if (found.length < wanted.size) throw new AppError('user.not_found');
  if (found.some(({ welcome, userId }) => !welcome && userId !== reader.userId)) throw new AppError('conversation.not_welcome');
  const others = found.filter(({ userId }) => userId !== reader.userId);
  const invited = await members.invite(
    tx,
    id,
    others.map(({ userId }) => userId),
    reader.userId,
  );
  if ((await members.countPeople(tx, id)) > groupPeopleMax) throw new AppError('conversation.full');
  if (
    invited.length < others.length &&
    (await members.hasDeclined(
      tx,
      id,
      others.map(({ userId }) => userId),
    ))
  )
    throw new AppError('conversation.declined');
  await streams.appendMany(
    tx,
    invited.map((userId) => ({
      stream: userStream(userId),
      event: { type: 'member.invited', data: { conversationId: id }, actorId: reader.userId },
    })),
  );
}

/** The reader's role in the group. Throws `conversation.not_found`, `conversation.other_kind`. */
async function lockGroup(tx: Executor, reader: Reader, id: string): Promise<'owner' | 'member' | 'invited'> {
  const locked = await conversations.lock(tx, id);
  const role = await members.findRole(tx, id, reader.userId);
  if (locked === undefined || role === undefined) throw new AppError('conversation.not_found');
  if (locked.kind !== 'group' || role === 'moderator') throw new AppError('conversation.other_kind');
  return role;
}

/** Throws also `access.denied`. */
async function lockAsOwner(tx: Executor, reader: Reader, id: string): Promise<void> {
  const role = await lockGroup(tx, reader, id);
  if (role !== 'owner') throw new AppError('access.denied');
}

/** Ends a membership, and at once what the person's connections get of the conversation. */
async function takeOut(
  tx: Executor,
  streams: MemberStreams,
  id: string,
  person: members.Person & { readonly userId: string },
  actorId: string,
): Promise<void> {
  await members.remove(tx, id, person.userId);
  await tell(tx, streams, 'member.left', id, person.userId, person, actorId);
  await streams.endSubscriptions(tx, person.userId, { kind: 'conversation', id });
}

/** Those who are in the conversation, and the person on all their devices. */
async function tell(
  tx: Executor,
  streams: Pick<Streams, 'appendMany'>,
  type: 'member.joined' | 'member.left',
  id: string,
  userId: string,
  person: members.Person,
  actorId = userId,
): Promise<void> {
  await streams.appendMany(tx, [
    { stream: { kind: 'conversation', id }, event: { type, data: { person: personOf(person) }, actorId } },
    { stream: userStream(userId), event: { type, data: { conversationId: id }, actorId } },
  ]);
}
