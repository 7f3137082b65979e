/** Two people under lock: where every change between them begins. */
import type { Executor } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import { lockPair as lock } from './users.repository.ts';

/** Somebody whose place nobody changes until the transaction ends. */
export interface LockedPerson {
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
}

/** An id that nobody has. */
export const nobodyId = '0';

export interface LockedPair {
  readonly reader: LockedPerson;
  /** Undefined when there is no such person; 'reader' when the name is the reader's own. */
  readonly other: LockedPerson | 'reader' | undefined;
}

/** The reader and the person of this name. Throws `auth.required`. */
export async function lockPair(tx: Executor, readerId: string, username: string): Promise<LockedPair> {
  const rows = await lock(tx, readerId, username);
  const people = rows.map((row): LockedPerson => ({ userId: row.id, username: row.username, displayName: row.display_name }));
  const reader = people.find((person) => person.userId === readerId);
  // The account may have gone after the access token was given out.
  if (reader === undefined) throw new AppError('auth.required');
  const isOwn = reader.username.toLowerCase() === username.toLowerCase();
  return { reader, other: isOwn ? 'reader' : people.find((person) => person.userId !== readerId) };
}
