/**
 * A stream is the ordered log of one conversation, one person's notifications, one sanctum, one room or one person (`user`: what
 * concerns an account on all its devices). Positions begin at 1 and have no gaps; position order is commit order.
 */

export const streamKinds = ['conversation', 'notifications', 'sanctum', 'room', 'user'] as const;
export type StreamKind = (typeof streamKinds)[number];

export interface StreamReference {
  readonly kind: StreamKind;
  /** The id of the conversation, the person, the sanctum, the room. */
  readonly id: string;
}

/**
 * What a slow connection may be spared. must-deliver: nothing. coalescable: an event that a newer one of the same type by the same
 * actor in the same stream makes worthless, as a receipt. droppable: what is old in a moment, as typing; never stored.
 */
export type EventClass = 'must-deliver' | 'coalescable' | 'droppable';

/** What has happened, for the log. */
export interface StreamEvent {
  /** Dotted lower case, `message.sent`. */
  readonly type: string;
  readonly data: object;
  /** Who did it: people who are hidden from this one get the position and nothing else. */
  readonly actorId?: string;
  /** must-deliver unless given. */
  readonly class?: Exclude<EventClass, 'droppable'>;
}

/** What is worth telling and not worth keeping. */
export type Announcement = Omit<StreamEvent, 'class'>;

/** An event as the log holds it. */
export interface StoredEvent {
  readonly position: number;
  readonly type: string;
  /** ISO 8601. */
  readonly at: string;
  readonly actorId: string | null;
  readonly class: Exclude<EventClass, 'droppable'>;
  /** The trace that wrote it, as a traceparent header. */
  readonly trace: string | null;
  /** JSON text. */
  readonly data: string;
}

/** One name for one stream, for maps and channels. */
export type StreamKey = `${StreamKind}:${string}`;

export function keyOf({ kind, id }: StreamReference): StreamKey {
  return `${kind}:${id}`;
}

const idPattern = /^[1-9]\d{0,18}$/;
const kinds: ReadonlySet<string> = new Set(streamKinds);

/** Undefined for what is no stream's key. */
export function streamOf(key: string): StreamReference | undefined {
  const colon = key.indexOf(':');
  const [kind, id] = [key.slice(0, colon), key.slice(colon + 1)];
  return isKind(kind) && idPattern.test(id) ? { kind, id } : undefined;
}

function isKind(text: string): text is StreamKind {
  return kinds.has(text);
}
