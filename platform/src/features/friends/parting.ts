/** What a block ends between two people: their friendship, and what either asked of the other. */
import type { Executor } from '../../db/database.ts';
import { part } from './friends.repository.ts';

/** Under the locks of both people. */
export async function endFriendship(tx: Executor, readerId: string, otherId: string): Promise<void> {
  await part(tx, readerId, otherId);
}
