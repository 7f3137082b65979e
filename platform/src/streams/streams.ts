/**
 * Writes what has happened into the ordered logs, in the transaction of the row it is about, and tells the instances once that is
 * committed. Reads the logs by key.
 */
import { trace } from '@opentelemetry/api';
import type { Database, Executor } from '../db/database.ts';
import type { Broker } from './broker.ts';
import { announcedEvent, toMessage, travellingEvent } from './event-text.ts';
import { type Announcement, keyOf, type StoredEvent, type StreamEvent, type StreamReference } from './stream.ts';
import type { EventRow } from './streams.fragments.queries.ts';
import * as queries from './streams.queries.ts';
import { currentTraceparent } from './trace-context.ts';

export interface StreamsDependencies {
  readonly db: Database;
  readonly broker: Pick<Broker, 'publish'>;
}

/** What a reader asks of one stream: everything behind `after`; its head alone when that is null. */
export interface StreamQuestion {
  readonly stream: StreamReference;
  readonly after: number | null;
}

export interface StreamSlice {
  /** Position of the newest event; 0 where there is none yet. */
  readonly head: number;
  /** False when not every event behind the position is there any more, or the position lies in the future: what it belongs to has to be read anew. */
  readonly recovered: boolean;
  /** In order and without a gap among them, at most as many as were asked for; where nothing is recovered, those that are still there. */
  readonly events: readonly StoredEvent[];
}

export interface AddressedEvent {
  readonly stream: StreamReference;
  readonly event: StreamEvent;
}

export interface Streams {
  /** The event's position. It goes out when the transaction is committed. Throws when the event is larger than 16 KiB or its type is no dotted lower case. */
  append(tx: Executor, stream: StreamReference, event: StreamEvent): Promise<number>;
  /** The same for many, in one statement; their positions in the order given. At most 1,000. */
  appendMany(tx: Executor, events: readonly AddressedEvent[]): Promise<number[]>;
  /** Sends an event that a statement of the feature's own has written (streams.fragments.queries.ts). Call it once that is committed. */
  publish(stream: StreamReference, row: EventRow): void;
  /** Tells those who listen now. Not stored, may be lost. */
  announce(stream: StreamReference, announcement: Announcement): void;
  /** Ends what this person's connections get of the stream, on every instance, once the transaction is committed. */
  endSubscriptions(tx: Executor, userId: string, stream: StreamReference): Promise<void>;
  read(stream: StreamReference, after: number, max: number): Promise<StreamSlice>;
  /** Many at once, in one statement; slices in the order of the questions. At most `max` events of each, the first behind the position or the newest. */
  readMany(questions: readonly StreamQuestion[], max: number, which?: 'first' | 'newest'): Promise<StreamSlice[]>;
  head(executor: Executor, stream: StreamReference): Promise<number>;
  /** Of streams with the position known of them: the keys of those that are ahead of it. One statement. */
  ahead(known: readonly { readonly stream: StreamReference; readonly position: number }[]): Promise<StreamReference[]>;
}

/** The type of the event in a person's own stream that ends what their connections get of another. */
export const subscriptionEnded = 'subscription.ended';

const eventBytesMax = 16 * 1024;
const eventsMax = 1000;
const typePattern = /^[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)+$/;
const tracer = trace.getTracer('sanctum.streams');

export function createStreams({ db, broker }: StreamsDependencies): Streams {
  return { ...createReading(db), ...createWriting(broker) };
}

function createReading(db: Database): Pick<Streams, 'read' | 'readMany' | 'head' | 'ahead'> {
  async function readMany(questions: readonly StreamQuestion[], max: number, which: 'first' | 'newest' = 'first'): Promise<StreamSlice[]> {
    if (questions.length === 0) return [];
    const rows = await db.run(queries.readStreams, {
      ...columnsOf(questions.map(({ stream }) => stream)),
      afters: questions.map(({ after }) => String(after ?? -1)),
      max,
      newest: which === 'newest',
    });
    const byQuestion = Map.groupBy(rows, (row) => row.nth);
    return questions.map(({ after }, index) => sliceOf(byQuestion.get(index + 1) ?? [], after));
  }

  return {
    readMany,

    async read(stream, after, max) {
      const [slice] = await readMany([{ stream, after }], max);
      if (slice === undefined) throw new Error('a question about one stream has one answer');
      return slice;
    },

    async head(executor, stream) {
      return Number((await executor.one(queries.readHead, stream)).head);
    },

    async ahead(known) {
      if (known.length === 0) return [];
      const rows = await db.run(queries.listStreamsAhead, {
        ...columnsOf(known.map(({ stream }) => stream)),
        known: known.map(({ position }) => String(position)),
      });
      const found = new Set(rows.map((row) => `${row.kind}:${row.id}`));
      return known.filter(({ stream }) => found.has(keyOf(stream))).map(({ stream }) => stream);
    },
  };
}

function createWriting(broker: Pick<Broker, 'publish'>): Omit<Streams, 'read' | 'readMany' | 'head' | 'ahead'> {
  function publish(stream: StreamReference, row: EventRow): void {
    tracer.startActiveSpan('stream publish', { attributes: { 'sanctum.stream.kind': stream.kind } }, (span) => {
      broker.publish(keyOf(stream), toMessage(travellingEvent(stream, storedEvent(row))));
      span.end();
    });
  }

  async function append(tx: Executor, stream: StreamReference, event: StreamEvent): Promise<number> {
    const row = await tx.one(queries.appendEvent, {
      kind: stream.kind,
      id: stream.id,
      type: checkedType(event.type),
      actorId: event.actorId ?? null,
      coalescable: event.class === 'coalescable',
      trace: currentTraceparent(),
      data: dataText(event),
    });
    tx.afterCommit(() => publish(stream, row));
    return Number(row.event_position);
  }

  return {
    append,
    publish,

    async appendMany(tx, events) {
      if (events.length === 0) return [];
      if (events.length > eventsMax) throw new Error(`${events.length} events in one statement: append at most ${eventsMax} at a time`);
      const rows = await tx.run(queries.appendEvents, manyValues(events));
      tx.afterCommit(() => {
        for (const [index, { stream }] of events.entries()) {
          const row = rows[index];
          if (row !== undefined) publish(stream, row);
        }
      });
      return rows.map((row) => Number(row.event_position));
    },

    announce(stream, announcement) {
      const event = announcedEvent(stream, {
        type: checkedType(announcement.type),
        actorId: announcement.actorId ?? null,
        trace: currentTraceparent(),
        data: dataText(announcement),
      });
      broker.publish(keyOf(stream), toMessage(event));
    },

    async endSubscriptions(tx, userId, stream) {
      await append(tx, { kind: 'user', id: userId }, { type: subscriptionEnded, data: { stream } });
    },
  };
}

function manyValues(events: readonly AddressedEvent[]) {
  return {
    ...columnsOf(events.map(({ stream }) => stream)),
    types: events.map(({ event }) => checkedType(event.type)),
    actorIds: events.map(({ event }) => event.actorId ?? ''),
    coalescable: events.map(({ event }) => String(event.class === 'coalescable')),
    data: events.map(({ event }) => dataText(event)),
    trace: currentTraceparent(),
  };
}

function columnsOf(streams: readonly StreamReference[]) {
  return { kinds: streams.map(({ kind }) => kind), ids: streams.map(({ id }) => id) };
}

interface ReadRow {
  readonly head: string;
  readonly event_position: string | null;
}

function sliceOf(rows: readonly ReadRow[], after: number | null): StreamSlice {
  const head = Number(rows[0]?.head ?? 0);
  if (after === null) return { head, recovered: true, events: [] };
  const events = rows.filter(isEvent).map(storedEvent);
  // Positions have no gaps: where the first one is not the next one, what lay between has been dropped.
  const recovered = after <= head && (head === after || events[0]?.position === after + 1);
  return { head, recovered, events };
}

function isEvent(row: ReadRow): row is ReadRow & EventRow {
  return row.event_position !== null;
}

function storedEvent(row: EventRow): StoredEvent {
  return {
    position: Number(row.event_position),
    type: row.event_type,
    at: row.event_at,
    actorId: row.event_actor_id,
    class: row.event_coalescable ? 'coalescable' : 'must-deliver',
    trace: row.event_trace,
    data: row.event_data,
  };
}

function checkedType(type: string): string {
  if (!typePattern.test(type)) throw new Error(`event type "${type}": write it as dotted lower case, like message.sent`);
  return type;
}

function dataText({ type, data }: { readonly type: string; readonly data: object }): string {
  const text = JSON.stringify(data);
  if (Buffer.byteLength(text) > eventBytesMax)
    throw new Error(
      `event "${type}" is larger than ${eventBytesMax} bytes: send what a reader needs to see, and let the rest be asked for`,
    );
  return text;
}
