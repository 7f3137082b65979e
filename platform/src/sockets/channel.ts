/**
 * One stream that somebody on this instance follows.
 *
 * *Opening*: its head is not known yet; what arrives waits in `early`. *Live*: `head` is the position up to which everything was handed to
 * the subscribers, in order. An event behind a gap waits in `early` until what is missing has come, or was read from the log.
 */
import type { TravellingEvent } from '../streams/event-text.ts';
import { keyOf, type StreamKey, type StreamReference } from '../streams/stream.ts';
import { frameOf } from './frame.ts';

/** An event as it was handed out, for those who come back or fell behind. */
export interface Recent {
  readonly position: number;
  readonly frame: Buffer;
  readonly actorId: string | null;
  /** Events of one name make each other worthless, the newer the older; null for those that must be delivered. */
  readonly coalesces: string | null;
}

const recentMax = 128;
const recentBytesMax = 256 * 1024;
const earlyMax = 256;

/** Subscribers are connections, and the owner a person: named by those who know them. */
export class Channel<Subscriber extends object, Owner extends object> {
  readonly stream: StreamReference;
  readonly key: StreamKey;
  head: number | undefined = undefined;
  readonly subscribers = new Set<Subscriber>();
  /** Whose own stream it is, while one of their connections is open here. */
  owner: Owner | undefined = undefined;
  /** Joins under way: it stays until they are done. */
  joining = 0;
  #recent: Recent[] = [];
  #recentBytes = 0;
  #early: Map<number, TravellingEvent> | undefined = undefined;

  constructor(stream: StreamReference) {
    this.stream = stream;
    this.key = keyOf(stream);
  }

  get isUnused(): boolean {
    return this.subscribers.size === 0 && this.owner === undefined && this.joining === 0;
  }

  keepEarly(event: TravellingEvent): void {
    this.#early ??= new Map();
    // What does not fit is read from the log with the rest of the gap.
    if (this.#early.size < earlyMax) this.#early.set(event.position, event);
  }

  /** The event behind the head, if it has come already. Forgets those that the head has passed. */
  takeEarly(): TravellingEvent | undefined {
    if (this.#early === undefined || this.head === undefined) return undefined;
    const next = this.#early.get(this.head + 1);
    if (next !== undefined) this.#early.delete(next.position);
    else for (const position of this.#early.keys()) if (position <= this.head) this.#early.delete(position);
    if (this.#early.size === 0) this.#early = undefined;
    return next;
  }

  get hasGap(): boolean {
    return this.#early !== undefined;
  }

  remember(event: TravellingEvent): Recent {
    const recent: Recent = {
      position: event.position,
      frame: frameOf(event.frame),
      actorId: event.actorId,
      coalesces: event.class === 'coalescable' ? `${event.type} ${event.actorId ?? ''}` : null,
    };
    this.#recent.push(recent);
    this.#recentBytes += recent.frame.length;
    while (this.#recent.length > recentMax || this.#recentBytes > recentBytesMax) {
      const oldest = this.#recent.shift();
      if (oldest === undefined) break;
      this.#recentBytes -= oldest.frame.length;
    }
    return recent;
  }

  /** Everything behind the position, or undefined when the oldest of it is not in memory. */
  since(position: number): readonly Recent[] | undefined {
    if (this.head === undefined || position > this.head) return undefined;
    if (position === this.head) return [];
    const missed = this.head - position;
    if (missed > this.#recent.length) return undefined;
    return this.#recent.slice(this.#recent.length - missed);
  }

  /** After a hole that cannot be filled nothing before it may be handed out as if it were whole. */
  forget(): void {
    this.#recent = [];
    this.#recentBytes = 0;
  }
}
