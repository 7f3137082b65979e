/** For statements that write an event or none: their row, and the event of it. */
import { z } from 'zod';
import { type EventRow, eventRow } from './streams.fragments.queries.ts';

export const optionalEventRow = eventRow.extend({
  event_position: z.string().nullable(),
  event_at: z.string().nullable(),
  event_type: z.string().nullable(),
  event_coalescable: z.boolean().nullable(),
  event_data: z.string().nullable(),
});
export type OptionalEventRow = z.output<typeof optionalEventRow>;

/** The event that the statement wrote, for `streams.publish`; undefined when it wrote none. */
export function writtenRow(row: OptionalEventRow): EventRow | undefined {
  const parsed = row.event_position === null ? undefined : row;
  // What an insert returned is there as a whole.
  return parsed as EventRow | undefined;
}
