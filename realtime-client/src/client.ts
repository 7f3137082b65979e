/**
 * The client of the live half of Sanctum, for browsers and Node alike. It has no dependencies and needs only a WebSocket.
 *
 * *idle* → `start` → *connecting*: a ticket is asked for, then the connection is opened with it. → *open*: the server has said welcome; all
 * streams are asked for from where they got to. A connection that ends, or does not come about, → *waiting*, for a time by chance up to one
 * second, doubling to thirty with every attempt that fails; or for the time that the server said. → *connecting*. An opened
 * connection starts the count anew. → *signed-out* when the ticket is refused or the session has ended: told once, and nothing more
 * is tried until `start`. → *given-up* after `attemptsMax` failures in a row. → *idle* by `stop`.
 */
import { reconnectDelayMs } from './backoff.ts';
import { FollowedStream, keyOf, type StreamHandler } from './followed-stream.ts';
import {
  type ClientMessage,
  closeCodes,
  type ServerMessage,
  socketAddress,
  type StreamReference,
  subprotocol,
  ticketPrefix,
} from './messages.ts';
import type { ClientSocket, ConnectionState, SocketConstructor } from './state.ts';

export type { StreamHandler } from './followed-stream.ts';
export type { Announcement, StreamEvent, StreamKind, StreamReference } from './messages.ts';
export type { ClientSocket, ConnectionState, SocketConstructor } from './state.ts';

export interface RealtimeClientOptions {
  /** The address of the API, as https://sanctum.example. */
  readonly api: string;
  /** What POST /api/ws/ticket answers: its ticket, or null for 401 and 403. Rejects when there is no answer. */
  readonly getTicket: () => Promise<string | null>;
  readonly onState?: (state: ConnectionState) => void;
  /** The session is over. Called once. */
  readonly onSignedOut?: () => void;
  /** Failures in a row after which nothing more is tried; 8 for rooms of games. Without end unless given. */
  readonly attemptsMax?: number;
  /** The global one unless given. */
  readonly WebSocket?: SocketConstructor;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

export interface Following {
  /** The position up to which the handler has everything. */
  readonly position: number | undefined;
  close(): void;
}

const openState = 1;
const silenceMs = 30_000;
const answerMs = 10_000;
const laterMsMax = 5000;
const welcomeMs = 15_000;
const streamsPerMessage = 50;
const normalClosure = 1000;

export class RealtimeClient {
  readonly #options: RealtimeClientOptions;
  readonly #random: () => number;
  // As many as the caller follows.
  readonly #streams = new Map<string, FollowedStream>();
  #state: ConnectionState = { name: 'idle' };
  #socket: ClientSocket | undefined;
  /** The attempt under way; another one makes its answer worthless. */
  #attempt: symbol | undefined;
  #failures = 0;
  #failuresBefore = 0;
  /** When the server said to come back. */
  #hintMs: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;

  constructor(options: RealtimeClientOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  start(): void {
    if (this.#state.name === 'connecting' || this.#state.name === 'open' || this.#state.name === 'waiting') return;
    this.#failures = 0;
    this.#connect();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#watch);
    this.#attempt = undefined;
    const leaving = this.#socket;
    this.#socket = undefined;
    leaving?.close(normalClosure);
    this.#become({ name: 'idle' });
  }

  /** Tries now instead of later: the network is back, the page is looked at again. */
  wake(): void {
    if (this.#state.name === 'waiting') this.#connect();
  }

  /** Follows a stream from behind a position, through every connection to come; from now on without one. A second call for a stream takes the place of the first. */
  follow(stream: StreamReference, position: number | undefined, handler: StreamHandler): Following {
    const followed = new FollowedStream({
      stream,
      position,
      handler,
      ask: (one, later) => this.#ask(one, later),
      onOver: (one) => void this.#forget(one),
    });
    this.#streams.get(followed.key)?.end();
    this.#streams.set(followed.key, followed);
    this.#ask(followed, false);
    return {
      get position() {
        return followed.position;
      },
      close: () => {
        followed.end();
        if (this.#forget(followed)) this.#send({ type: 'unsubscribe', streams: [stream] });
      },
    };
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    this.#options.onState?.(state);
  }

  #connect(): void {
    clearTimeout(this.#timer);
    this.#become({ name: 'connecting' });
    const attempt = Symbol('attempt');
    this.#attempt = attempt;
    this.#options.getTicket().then(
      (ticket) => {
        if (this.#attempt !== attempt) return;
        if (ticket === null) this.#signOut();
        else this.#open(ticket);
      },
      () => {
        // No answer is no refusal: it is tried again.
        if (this.#attempt === attempt) this.#fail();
      },
    );
  }

  #open(ticket: string): void {
    const Socket = this.#options.WebSocket ?? (globalThis.WebSocket as unknown as SocketConstructor);
    const socket = new Socket(socketAddress(this.#options.api), [subprotocol, ticketPrefix + ticket]);
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket && typeof data === 'string') this.#hear(JSON.parse(data) as ServerMessage);
    };
    socket.onclose = ({ code }) => {
      if (this.#socket === socket) this.#closed(code);
    };
    this.#expectWithin(welcomeMs);
  }

  /** Gives the connection up when nothing is heard of it in time. */
  #expectWithin(ms: number): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      const silent = this.#socket;
      // It may take long to notice that nobody is there: it is left to itself.
      this.#closed(0);
      silent?.close();
    }, ms);
  }

  #lookAfter(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      this.#send({ type: 'ping' });
      this.#expectWithin(answerMs);
    }, silenceMs);
  }

  #hear(message: ServerMessage): void {
    this.#lookAfter();
    if (message.type === 'welcome') this.#welcomed();
    else if (message.type === 'reconnect') this.#hintMs = message.afterMs;
    else if ('stream' in message) this.#streams.get(keyOf(message.stream))?.hear(message);
  }

  #welcomed(): void {
    this.#failuresBefore = this.#failures;
    this.#failures = 0;
    this.#become({ name: 'open' });
    const questions = [...this.#streams.values()].map((followed) => followed.question()).filter((question) => question !== undefined);
    for (let sent = 0; sent < questions.length; sent += streamsPerMessage)
      this.#send({ type: 'subscribe', streams: questions.slice(sent, sent + streamsPerMessage) });
  }

  #closed(code: number): void {
    clearTimeout(this.#watch);
    this.#socket = undefined;
    if (code === closeCodes.sessionEnded) {
      this.#signOut();
      return;
    }
    // A connection that ends because of what is sent over it would otherwise come back without end.
    if (code === closeCodes.malformed || code === closeCodes.tooMany) this.#failures = this.#failuresBefore;
    this.#fail();
  }

  #fail(): void {
    const delayMs = this.#hintMs ?? reconnectDelayMs(this.#failures, this.#random);
    if (this.#hintMs === undefined) this.#failures += 1;
    this.#hintMs = undefined;
    const { attemptsMax } = this.#options;
    if (attemptsMax !== undefined && this.#failures >= attemptsMax) {
      this.#become({ name: 'given-up' });
      return;
    }
    this.#become({ name: 'waiting', attempt: this.#failures, delayMs });
    this.#timer = setTimeout(() => this.#connect(), delayMs);
  }

  #signOut(): void {
    this.#attempt = undefined;
    this.#become({ name: 'signed-out' });
    this.#options.onSignedOut?.();
  }

  #ask(followed: FollowedStream, later: boolean): void {
    if (later) {
      setTimeout(() => this.#ask(followed, false), this.#random() * laterMsMax);
      return;
    }
    if (this.#state.name !== 'open' || this.#streams.get(followed.key) !== followed) return;
    const question = followed.question();
    if (question !== undefined) this.#send({ type: 'subscribe', streams: [question] });
  }

  #send(message: ClientMessage): void {
    if (this.#state.name === 'open' && this.#socket?.readyState === openState) this.#socket.send(JSON.stringify(message));
  }

  #forget(followed: FollowedStream): boolean {
    return this.#streams.get(followed.key) === followed && this.#streams.delete(followed.key);
  }
}
