/** What concerns one account is told to all its devices, in the transaction of the change that it announces. */
import type { Executor } from '../../db/database.ts';

export interface AccountEvent {
  readonly type: 'friend.requested' | 'friend.accepted' | 'friend.changed' | 'block.changed';
  readonly data: object;
  /** Who did it: from those who do not see that person the event is hidden. */
  readonly actorId?: string;
}

export type TellAccount = (tx: Executor, userId: string, event: AccountEvent) => Promise<void>;
