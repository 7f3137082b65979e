/** Events as text: the frame that readers receive, and the message in which instances pass it on, frame included. */
import type { EventClass, StoredEvent, StreamReference } from './stream.ts';

/** One event on its way to readers. */
export interface TravellingEvent {
  /** 0 for what the log does not hold. */
  readonly position: number;
  readonly class: EventClass;
  readonly type: string;
  readonly actorId: string | null;
  readonly trace: string | null;
  /** JSON text, the same for every reader. */
  readonly frame: string;
}

/** The log's event as readers get it. */
export function travellingEvent(stream: StreamReference, event: StoredEvent): TravellingEvent {
  const actor = event.actorId === null ? '' : `,"actorId":"${event.actorId}"`;
  return {
    position: event.position,
    class: event.class,
    type: event.type,
    actorId: event.actorId,
    trace: event.trace,
    frame: `{"type":"event","stream":${streamText(stream)},"position":${event.position},"event":"${event.type}","at":"${event.at}"${actor},"data":${event.data}}`,
  };
}

/** An announcement as readers get it: without a position, because it has none. */
export function announcedEvent(
  stream: StreamReference,
  event: { readonly type: string; readonly actorId: string | null; readonly trace: string | null; readonly data: string },
): TravellingEvent {
  const actor = event.actorId === null ? '' : `,"actorId":"${event.actorId}"`;
  return {
    position: 0,
    class: 'droppable',
    type: event.type,
    actorId: event.actorId,
    trace: event.trace,
    frame: `{"type":"announcement","stream":${streamText(stream)},"event":"${event.type}"${actor},"data":${event.data}}`,
  };
}

function streamText({ kind, id }: StreamReference): string {
  return `{"kind":"${kind}","id":"${id}"}`;
}

const none = '-';

export function toMessage(event: TravellingEvent): string {
  return `${event.position} ${event.class} ${event.type} ${event.actorId ?? none} ${event.trace ?? none}\n${event.frame}`;
}

const headParts = 5;
const classes: ReadonlySet<string> = new Set(['must-deliver', 'coalescable', 'droppable']);

/** Undefined for what is no message of ours. */
export function fromMessage(message: string): TravellingEvent | undefined {
  const line = message.indexOf('\n');
  const parts = message.slice(0, line).split(' ');
  const [position = '', eventClass = '', type = '', actorId = none, trace = none] = parts;
  if (line === -1 || parts.length !== headParts || !/^\d{1,15}$/.test(position) || !isClass(eventClass)) return undefined;
  return {
    position: Number(position),
    class: eventClass,
    type,
    actorId: actorId === none ? null : actorId,
    trace: trace === none ? null : trace,
    frame: message.slice(line + 1),
  };
}

function isClass(text: string): text is EventClass {
  return classes.has(text);
}
