/**
 * Lets connections in to streams. All that ask within a turn are served by one statement however many there are, and those whose position is
 * still in memory by none: a thousand clients that come back after a restart cost some ten statements, not a thousand.
 */
import type { Broker } from '../streams/broker.ts';
import { travellingEvent } from '../streams/event-text.ts';
import type { StreamSlice, Streams } from '../streams/streams.ts';
import type { Recent } from './channel.ts';
import type { Connection, StreamChannel } from './connection.ts';
import type { Delivery } from './delivery.ts';
import { frameOf } from './frame.ts';

export interface JoinsDependencies {
  readonly streams: Pick<Streams, 'readMany'>;
  readonly broker: Pick<Broker, 'follow'>;
  readonly delivery: Pick<Delivery, 'sendMessage' | 'sendMissed'>;
  /** Brings a channel up to what was read of its stream. */
  readonly absorb: (channel: StreamChannel, slice: StreamSlice) => void;
  readonly onJoined: (outcome: JoinOutcome) => void;
}

/** Served from memory, from the log, or told to read the place anew. */
export type JoinOutcome = 'memory' | 'log' | 'not-recovered';

export interface Joins {
  /** Resolves when the connection follows the channel, from behind `after`; from now on when that is null. Rejects when the log cannot be read. */
  join(connection: Connection, channel: StreamChannel, after: number | null): Promise<void>;
  /** Resolves when the channel is live. */
  open(channel: StreamChannel): Promise<void>;
}

interface Join {
  readonly connection: Connection | undefined;
  readonly channel: StreamChannel;
  readonly after: number | null;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Streams that one statement reads. */
const channelsMax = 100;
/** Events that are replayed from the log; whoever has missed more reads the place anew. */
export const replayMax = 200;
const replayBytesMax = 512 * 1024;

export function createJoins(dependencies: JoinsDependencies): Joins {
  return new WaitingRoom(dependencies);
}

class WaitingRoom implements Joins {
  readonly #deps: JoinsDependencies;
  // At most as many as connections may have subscriptions.
  #queue: Join[] = [];
  #running = false;

  constructor(deps: JoinsDependencies) {
    this.#deps = deps;
  }

  open(channel: StreamChannel): Promise<void> {
    return this.#enqueue(undefined, channel, null);
  }

  join(connection: Connection, channel: StreamChannel, after: number | null): Promise<void> {
    return this.#enqueue(connection, channel, after);
  }

  #enqueue(connection: Connection | undefined, channel: StreamChannel, after: number | null): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#queue.push({ connection, channel, after, resolve, reject });
    if (!this.#running) {
      this.#running = true;
      setImmediate(() => {
        this.#run().catch(reject);
      });
    }
    return promise;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      const round = this.#takeRound();
      try {
        await this.#serve(round);
      } catch (error) {
        for (const join of round) join.reject(error);
      }
    }
    this.#running = false;
  }

  /** Everybody who waits for one of the first so many channels. */
  #takeRound(): Join[] {
    const channels = new Set<StreamChannel>();
    for (const { channel } of this.#queue) {
      if (channels.size >= channelsMax) break;
      channels.add(channel);
    }
    const round = this.#queue.filter(({ channel }) => channels.has(channel));
    this.#queue = this.#queue.filter(({ channel }) => !channels.has(channel));
    return round;
  }

  async #serve(round: readonly Join[]): Promise<void> {
    const { broker, streams, absorb } = this.#deps;
    const rest = round.filter((join) => !this.#serveFromMemory(join));
    if (rest.length === 0) return;
    const byChannel = [...Map.groupBy(rest, ({ channel }) => channel)].slice(0, channelsMax);
    // Followed first, read then: what happens between the two arrives and waits.
    await Promise.all(byChannel.map(([channel]) => broker.follow(channel.key)));
    const slices = await streams.readMany(
      byChannel.map(([channel, joins]) => ({ stream: channel.stream, after: earliestOf(channel, joins) })),
      replayMax,
      'newest',
    );
    for (const [index, [channel, joins]] of byChannel.entries()) {
      const slice = slices[index];
      if (slice === undefined) throw new Error('every question about a stream has an answer');
      absorb(channel, slice);
      for (const join of joins) this.#finish(join, missedIn(channel, slice, join.after), 'log');
    }
  }

  #serveFromMemory(join: Join): boolean {
    const { channel, after } = join;
    if (channel.head === undefined) return false;
    const missed = after === null ? [] : channel.since(after);
    if (missed === undefined) return false;
    this.#finish(join, missed, 'memory');
    return true;
  }

  #finish({ connection, channel, resolve, after }: Join, found: readonly Recent[] | undefined, from: 'memory' | 'log'): void {
    const { delivery, onJoined } = this.#deps;
    resolve();
    if (connection === undefined || !connection.isOpen || connection.joining?.delete(channel) !== true) return;
    const missed = found !== undefined && bytesOf(found) <= replayBytesMax ? found : undefined;
    const head = channel.head ?? 0;
    channel.subscribers.add(connection);
    connection.channels.push(channel);
    connection.lagging?.set(channel, head);
    onJoined(missed === undefined ? 'not-recovered' : from);
    delivery.sendMessage(connection, {
      type: 'subscribed',
      stream: channel.stream,
      position: missed === undefined ? head : (after ?? head),
      recovered: missed !== undefined,
    });
    if (missed !== undefined) delivery.sendMissed(connection, channel, missed);
  }
}

/** From where the log is read, so that everyone who waits is served and the channel itself comes up to date. */
function earliestOf(channel: StreamChannel, joins: readonly Join[]): number | null {
  const positions = joins.map(({ after }) => after).filter((after) => after !== null);
  if (channel.head !== undefined) positions.push(channel.head);
  return positions.length === 0 ? null : Math.min(...positions);
}

/** Everything behind the position, from what was read and what has come since; undefined where that is not whole. */
function missedIn(channel: StreamChannel, slice: StreamSlice, after: number | null): readonly Recent[] | undefined {
  if (after === null) return [];
  const remembered = channel.since(after);
  if (remembered !== undefined) return remembered;
  const read = slice.events.filter(({ position }) => position > after);
  if (read[0]?.position !== after + 1) return undefined;
  const since = channel.since(slice.head);
  if (since === undefined) return undefined;
  return [...read.map((event) => recentOf(channel, event)), ...since];
}

function recentOf(channel: StreamChannel, stored: StreamSlice['events'][number]): Recent {
  const { position, actorId, frame } = travellingEvent(channel.stream, stored);
  return { position, actorId, frame: frameOf(frame), coalesces: null };
}

function bytesOf(missed: readonly Recent[]): number {
  return missed.reduce((sum, { frame }) => sum + frame.length, 0);
}
