/**
 * Pieces of SQL with which a feature writes a row and its event in one statement, and reads a stream's position in the statement of a
 * snapshot. No entry of the catalogue stands here.
 *
 * A message that is stored and announced in one round trip:
 *
 *     with stream as (${advanceStream({ kind: 'conversation', id: '$1::bigint' })}),
 *     message as (
 *       insert into messages (conversation_id, position, author_id, body)
 *       select $1, stream.head, $2, $3 from stream
 *       returning id, position, author_id, body
 *     ),
 *     event as (${writeEvent({
 *       kind: 'conversation',
 *       id: '$1::bigint',
 *       position: 'message.position',
 *       type: 'message.sent',
 *       actorId: 'message.author_id',
 *       trace: '$4::text',
 *       data: `json_build_object('id', message.id::text, 'body', message.body)`,
 *       from: 'message',
 *     })})
 *     select ${writtenEvent('event')}, … from message, event
 *
 * The statement runs alone or in a transaction; `streams.publish` sends what it returned once that is committed. Nothing may advance a
 * stream and write no event: a repetition that is to do nothing is looked for in `when`.
 */
import { z } from 'zod';
import { isoTime } from '../db/time.fragments.queries.ts';
import type { StreamKind } from './stream.ts';

export interface StreamExpression {
  /** A kind by its name, or a parameter of type text. */
  readonly kind: StreamKind | `$${number}`;
  /** An expression of type bigint. */
  readonly id: string;
}

function kindText(kind: StreamExpression['kind']): string {
  return kind.startsWith('$') ? `${kind}::text` : `'${kind}'`;
}

/** Takes the next position: one row with `head`, locked until the end of the transaction. Without a row where `when` does not hold. */
export function advanceStream({ kind, id, when }: StreamExpression & { readonly when?: string }): string {
  return `
    insert into streams as s (kind, id, head)
    select ${kindText(kind)}, ${id}, 1${when === undefined ? '' : ` where ${when}`}
    on conflict (kind, id) do update set head = s.head + 1
    returning s.head`;
}

export interface WrittenEventExpression extends StreamExpression {
  readonly position: string;
  /** The event's type by its name, or a parameter of type text. */
  readonly type: string;
  /** Expressions of type bigint, text (the traceparent or null) and json. */
  readonly actorId: string;
  readonly trace: string;
  readonly data: string;
  /** An expression of type boolean; false unless given. */
  readonly coalescable?: string;
  /** What the expressions come from: names of the statement's own parts. */
  readonly from: string;
}

/** Writes one event for each row of `from`. */
export function writeEvent(event: WrittenEventExpression): string {
  return `
    insert into stream_events (kind, id, position, type, actor_id, coalescable, trace, data)
    select ${kindText(event.kind)}, ${event.id}, ${event.position}, ${event.type.startsWith('$') ? event.type : `'${event.type}'`}, ${event.actorId},
      ${event.coalescable ?? 'false'}, ${event.trace},
      (${event.data})::text
    from ${event.from}
    returning position, created_at, type, actor_id, coalescable, trace, data`;
}

/** The columns of an event, of the part or the table of that name, as `eventRow` has them. */
export function writtenEvent(name: string): string {
  return `${name}.position::text as event_position, ${isoTime(`${name}.created_at`)} as event_at, ${name}.type as event_type,
    ${name}.actor_id::text as event_actor_id, ${name}.coalescable as event_coalescable, ${name}.trace as event_trace,
    ${name}.data as event_data`;
}

export const eventRow = z.object({
  event_position: z.string(),
  event_at: z.string(),
  event_type: z.string(),
  event_actor_id: z.string().nullable(),
  event_coalescable: z.boolean(),
  event_trace: z.string().nullable(),
  event_data: z.string(),
});
export type EventRow = z.output<typeof eventRow>;

/** The position of a stream, 0 before its first event: part of the statement that reads a snapshot. An expression of type bigint. */
export function streamPosition({ kind, id }: StreamExpression): string {
  return `coalesce((select s.head from streams s where s.kind = ${kindText(kind)} and s.id = ${id}), 0)`;
}
