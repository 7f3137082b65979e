/** How the features say that something happened: a job in their transaction. */
import { enqueue } from '../../jobs/enqueue.ts';
import type { TellAccount } from '../users/account-events.ts';
import { type Notify, today } from './notifications.causes.ts';
import { notify } from './notifications.jobs.ts';

export function createNotify(): Notify {
  return async (tx, happened) => {
    await enqueue(tx, notify, happened);
  };
}

/** What one person does that concerns another as a friend is told to the other. */
export function notifyingOfFriends(tellAccount: TellAccount, notifyOf: Notify): TellAccount {
  return async (tx, userId, event) => {
    await tellAccount(tx, userId, event);
    const { type, actorId } = event;
    if (actorId === undefined || actorId === userId) return;
    if (type === 'friend.requested') await notifyOf(tx, { kind: 'friend_request', userId, actorId, day: today() });
    if (type === 'friend.accepted') await notifyOf(tx, { kind: 'friend_accepted', userId, actorId, day: today() });
  };
}
