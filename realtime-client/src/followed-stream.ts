/**
 * One stream that a client follows, and how far it has got. Every event reaches the handler once and in order: what has been before is
 * passed over, and what comes behind a gap makes the stream be asked for again from where it got to.
 *
 * *Following*: events are handed on. *Lost*: something cannot be had any more; the handler reads the place anew and says at which position,
 * and the stream is followed from there. What arrives meanwhile is part of what is read, or comes again.
 */
import type { Announcement, ServerMessage, StreamEvent, StreamReference } from './messages.ts';

export interface StreamHandler {
  onEvent(event: StreamEvent): void;
  onAnnouncement?(announcement: Announcement): void;
  /** Reads the place anew and resolves with the position that its answer holds. A rejection is tried again. */
  onLost(): Promise<number>;
  /** It may not be followed, or not any longer. */
  onEnded?(why: 'not-found' | 'too-many' | 'ended'): void;
}

export interface FollowedStreamOptions {
  readonly stream: StreamReference;
  /** Undefined: from now on. */
  readonly position: number | undefined;
  readonly handler: StreamHandler;
  /** Asks for the stream from its position, now or after a moment. */
  readonly ask: (followed: FollowedStream, later: boolean) => void;
  readonly onOver: (followed: FollowedStream) => void;
}

export class FollowedStream {
  readonly stream: StreamReference;
  position: number | undefined;
  readonly #options: FollowedStreamOptions;
  #state: 'following' | 'lost' | 'over' = 'following';
  /** Set while the answer to a question is awaited: what arrives before it belongs to an earlier one. */
  #asked = false;

  constructor(options: FollowedStreamOptions) {
    this.stream = options.stream;
    this.position = options.position;
    this.#options = options;
  }

  get key(): string {
    return keyOf(this.stream);
  }

  /** What to ask the server for; undefined while there is nothing to ask. */
  question(): (StreamReference & { readonly position?: number }) | undefined {
    if (this.#state !== 'following') return undefined;
    this.#asked = true;
    return this.position === undefined ? { ...this.stream } : { ...this.stream, position: this.position };
  }

  end(): void {
    this.#state = 'over';
  }

  hear(message: Extract<ServerMessage, { stream: StreamReference }>): void {
    if (this.#state === 'over') return;
    if (message.type === 'subscribed') this.#subscribed(message.position, message.recovered);
    else if (message.type === 'refused') this.#refused(message.code);
    else if (message.type === 'ended') this.#over('ended');
    else if (this.#state === 'lost' || this.#asked) return;
    else if (message.type === 'event') this.#event(message);
    else if (message.type === 'hidden') this.position = Math.max(this.position ?? 0, message.position);
    else if (message.type === 'reset') this.#lost();
    else this.#options.handler.onAnnouncement?.(message);
  }

  #subscribed(position: number, recovered: boolean): void {
    if (!this.#asked) return;
    this.#asked = false;
    if (recovered) this.position = position;
    else this.#lost();
  }

  #event(event: StreamEvent): void {
    const { position = event.position - 1 } = this;
    if (event.position <= position) return;
    if (event.position > position + 1) {
      this.#options.ask(this, false);
      return;
    }
    this.position = event.position;
    this.#options.handler.onEvent(event);
  }

  #lost(): void {
    if (this.#state !== 'following') return;
    this.#state = 'lost';
    this.#options.handler.onLost().then(
      (position) => this.#found(position),
      () => this.#found(undefined),
    );
  }

  #found(position: number | undefined): void {
    if (this.#state !== 'lost') return;
    this.#state = 'following';
    if (position !== undefined) this.position = position;
    this.#options.ask(this, position === undefined);
  }

  #refused(code: 'not-found' | 'too-many' | 'unavailable'): void {
    if (code === 'unavailable') this.#options.ask(this, true);
    else this.#over(code);
  }

  #over(why: 'not-found' | 'too-many' | 'ended'): void {
    this.#state = 'over';
    this.#options.onOver(this);
    this.#options.handler.onEnded?.(why);
  }
}

export function keyOf({ kind, id }: StreamReference): string {
  return `${kind}:${id}`;
}
