/**
 * The ring of days that the event log lives in (migration 0038): what was written a week ago is emptied whole before its partition is
 * needed again. Nothing is made ahead, so nothing can run out; a ring that is not emptied in time grows and loses nothing.
 */
import type { Database } from '../db/database.ts';
import * as queries from './streams.queries.ts';

const emptyDays = [
  queries.emptyDay0,
  queries.emptyDay1,
  queries.emptyDay2,
  queries.emptyDay3,
  queries.emptyDay4,
  queries.emptyDay5,
  queries.emptyDay6,
  queries.emptyDay7,
];

/** True when there was something in the partition of tomorrow, which is empty now. Safe to repeat, and to run from several processes. */
export function emptyNextDay(db: Database): Promise<boolean> {
  return db.transaction(async (tx) => {
    const next = await tx.one(queries.findNextDay, {});
    const empty = emptyDays[next.day];
    if (!next.filled || empty === undefined) return false;
    await tx.run(empty, {});
    // Had midnight passed meanwhile, this would be the day that events fall into now: the transaction is then taken back.
    const { day } = await tx.one(queries.findNextDay, {});
    if (day !== next.day)
      throw new Error('midnight passed while the next day of the event log was being emptied; the next run empties the next one');
    return true;
  });
}
