/** Two people under lock, what they are to each other, and the steps that change it. Who may take which step is decided in friends.service.ts. */
import type { Executor } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { AccountEvent, TellAccount } from '../users/account-events.ts';
import type { LockedPerson } from '../users/locked-pair.ts';
import * as friends from './friends.repository.ts';
import type { Pair, Standing } from './friends.repository.ts';
import { type Friendship, friendsMax, requestsPerDayMax } from './friends.schema.ts';

export interface Scene extends Pair {
  readonly tx: Executor;
  readonly tellAccount: TellAccount;
  readonly own: LockedPerson;
  readonly other: LockedPerson;
}

export const strangers: Standing = { state: 'none', since: null };

/** Tells one side what it is to the other now. */
export async function tell(scene: Scene, side: 'own' | 'other', type: AccountEvent['type'], standing: Standing): Promise<void> {
  const { tx, tellAccount, own, other } = scene;
  const [to, about] = side === 'own' ? [own, other] : [other, own];
  await tellAccount(tx, to.userId, { type, data: toFriendship(about, standing), actorId: own.userId });
}

export async function tellBoth(scene: Scene, type: AccountEvent['type'], own: Standing, other: Standing): Promise<Standing> {
  await tell(scene, 'own', type, own);
  await tell(scene, 'other', type, other);
  return own;
}

/** Throws `friend.too_many`. */
export async function befriend(scene: Scene): Promise<Standing> {
  const { tx, own, other } = scene;
  assertRoomForFriends(await friends.findRoom(tx, own.userId, other.userId, friendsMax));
  const standing: Standing = { state: 'friends', since: await friends.befriend(tx, own.userId, other.userId) };
  return tellBoth(scene, 'friend.accepted', standing, standing);
}

/** Throws `friend.not_accepting`, `friend.requests_too_many`, `friend.too_many`. */
export async function sendRequest(scene: Scene): Promise<Standing> {
  const { tx, own, other, sent } = scene;
  const room = await friends.findRoom(tx, own.userId, other.userId, friendsMax);
  const lets = room.requests_from === 'everybody' || (room.requests_from === 'sanctums' && room.shares_sanctum);
  if (!lets) throw new AppError('friend.not_accepting');
  if (sent?.declined === true) {
    const held: Standing = { state: 'sent', since: await friends.resume(tx, own.userId, other.userId) };
    await tell(scene, 'own', 'friend.requested', held);
    return held;
  }
  if (room.asked_today >= requestsPerDayMax) throw new AppError('friend.requests_too_many');
  assertRoomForFriends(room);
  const since = await friends.ask(tx, own.userId, other.userId);
  return tellBoth(scene, 'friend.requested', { state: 'sent', since }, { state: 'received', since });
}

function assertRoomForFriends(room: { readonly reader_friends: number; readonly other_friends: number }): void {
  if (room.reader_friends >= friendsMax || room.other_friends >= friendsMax) throw new AppError('friend.too_many');
}

export function toFriendship({ username, displayName }: LockedPerson, { state, since }: Standing): Friendship {
  return { username, displayName, state, since: since?.toISOString() ?? null };
}
