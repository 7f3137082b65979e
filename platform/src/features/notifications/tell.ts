/**
 * Tells people what happened: the work of the job "notify".
 *
 * Each person is told in a transaction of their own, which holds the line, what happened in it and the event in their stream. A run
 * that dies in between is repeated, and whoever was told before is not told again: the cause is the key. What may not be shown to a
 * person leaves nothing behind; what they chose not to hear of, neither.
 */
import type { Database, Executor } from '../../db/database.ts';
import type { Streams } from '../../streams/streams.ts';
import { announcementOf } from './announcement.ts';
import type { Announcement, Concern } from './concern.ts';
import type { Cause } from './notifications.causes.ts';
import * as repository from './notifications.repository.ts';
import type { Listener } from './notifications.repository.ts';
import { notification } from './notifications.schema.ts';

export interface TellDependencies {
  readonly db: Database;
  readonly streams: Pick<Streams, 'append'>;
  readonly signal: AbortSignal;
}

export async function tellPeople({ db, streams, signal }: TellDependencies, happened: Cause): Promise<void> {
  const announcement = await announcementOf(db, happened);
  if (announcement === undefined || announcement.concerns.length === 0) return;
  // Bounded by the people whom one text may call, and one author: each is told in a transaction of their own.
  for (const listener of await repository.findAudience(db, announcement)) {
    signal.throwIfAborted();
    const concern = announcement.concerns.find((one) => concerns(one, listener) && wants(listener, one));
    if (concern !== undefined) await tellOne({ db, streams }, listener.id, announcement, concern);
  }
}

function concerns({ person }: Concern, { id, name }: Listener): boolean {
  return 'id' in person ? person.id === id : person.name === name;
}

function wants({ placeLevel, personLevel }: Listener, { type }: Concern): boolean {
  // What moderators did to one's own words has to be known.
  if (type === 'removal') return true;
  return [placeLevel, personLevel].every((level) => level === 'all' || (level === 'mentions' && type === 'mention'));
}

/** The line as the list shows it, without the position that it does not have yet: that of the event. */
const lineShape = notification.omit({ position: true });

/** Takes the transaction back. */
class NothingToTell extends Error {}

async function tellOne(
  { db, streams }: Omit<TellDependencies, 'signal'>,
  userId: string,
  announcement: Announcement,
  concern: Concern,
): Promise<void> {
  const work = async (tx: Executor): Promise<void> => {
    const id = await repository.tell(tx, userId, announcement, concern);
    const item = id === undefined ? undefined : await repository.findShown(tx, userId, id);
    if (id === undefined || item === undefined) throw new NothingToTell('told before, or not to be shown');
    const { actorId } = announcement;
    const event = { type: 'notification.added', data: lineShape.parse(JSON.parse(item)), ...(actorId === null ? {} : { actorId }) };
    const position = await streams.append(tx, { kind: 'notifications', id: userId }, event);
    await repository.place(tx, id, position);
  };
  try {
    await db.transaction(work);
  } catch (error) {
    if (!(error instanceof NothingToTell)) throw error;
  }
}
