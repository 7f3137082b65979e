/**
 * Writes frames to connections: everything that one turn of the event loop brings in one write each, and nothing to those who do not take
 * it. A connection that holds more than `lagBytes` unsent *lags*: it gets nothing more until it has taken that, and then what it missed
 * from memory, without what newer events have made worthless. So a slow reader costs a bounded number of bytes. Who has missed
 * more than memory holds is closed with a code of its own and comes back from the last position.
 */
import { Batch } from './batch.ts';
import type { Recent } from './channel.ts';
import type { Connection, StreamChannel } from './connection.ts';
import { frameOf } from './frame.ts';
import { messageText, type ServerMessage } from './protocol.ts';

export interface DeliveryDependencies {
  readonly onSlow: (connection: Connection) => void;
  readonly onLag: (connection: Connection) => void;
  readonly lagBytes?: number;
}

export interface Delivery {
  /** Goes out at the end of this turn, behind what was sent before. */
  send(connection: Connection, frame: Buffer): void;
  sendMessage(connection: Connection, message: ServerMessage): void;
  /** Frames of what was missed, for this reader. */
  sendMissed(connection: Connection, channel: StreamChannel, missed: readonly Recent[]): void;
  /** Writes what waits now. */
  flush(): void;
}

const lagBytesDefault = 128 * 1024;

export function createDelivery(dependencies: DeliveryDependencies): Delivery {
  return new Writes(dependencies);
}

class Writes implements Delivery {
  readonly #onSlow: DeliveryDependencies['onSlow'];
  readonly #onLag: DeliveryDependencies['onLag'];
  readonly #lagBytes: number;
  // At most as many as there are connections.
  #waiting: Connection[] = [];
  #firstFrame: Buffer | undefined;
  #first: Batch | undefined;

  constructor({ onSlow, onLag, lagBytes = lagBytesDefault }: DeliveryDependencies) {
    this.#onSlow = onSlow;
    this.#onLag = onLag;
    this.#lagBytes = lagBytes;
  }

  readonly send = (connection: Connection, frame: Buffer): void => {
    if (connection.batch !== undefined) {
      connection.batch = connection.batch.with(frame);
      return;
    }
    connection.batch = this.#begin(frame);
    if (this.#waiting.length === 0) setImmediate(this.flush);
    this.#waiting.push(connection);
  };

  readonly sendMessage = (connection: Connection, message: ServerMessage): void => this.send(connection, frameOf(messageText(message)));

  readonly flush = (): void => {
    const connections = this.#waiting;
    this.#waiting = [];
    this.#first = undefined;
    this.#firstFrame = undefined;
    for (const connection of connections) {
      const { batch, stream } = connection;
      connection.batch = undefined;
      if (batch === undefined || !connection.isOpen) continue;
      stream.write(batch.bytes);
      if (stream.writableLength > this.#lagBytes && connection.lagging === undefined) this.#lag(connection);
    }
  };

  readonly sendMissed = (connection: Connection, channel: StreamChannel, missed: readonly Recent[]): void => {
    const newest = new Map<string, Recent>();
    for (const event of missed) if (event.coalesces !== null) newest.set(event.coalesces, event);
    const { hidden } = connection.person;
    let skippedTo: number | undefined;
    for (const event of missed) {
      const isWorthless = event.coalesces !== null && newest.get(event.coalesces) !== event;
      if (isWorthless || (event.actorId !== null && hidden.has(event.actorId))) {
        skippedTo = event.position;
        continue;
      }
      if (skippedTo !== undefined) this.send(connection, hiddenFrame(channel, skippedTo));
      skippedTo = undefined;
      this.send(connection, event.frame);
    }
    if (skippedTo !== undefined) this.send(connection, hiddenFrame(channel, skippedTo));
  };

  /** The batch of everyone who gets this frame first. */
  #begin(frame: Buffer): Batch {
    if (this.#first === undefined || this.#firstFrame !== frame) {
      this.#firstFrame = frame;
      this.#first = new Batch(frame);
    }
    return this.#first;
  }

  #lag(connection: Connection): void {
    connection.lagging = new Map(connection.channels.map((channel) => [channel, channel.head ?? 0]));
    connection.laggingSinceMs = performance.now();
    this.#onLag(connection);
    connection.stream.once('drain', () => this.#catchUp(connection));
  }

  #catchUp(connection: Connection): void {
    const { lagging } = connection;
    connection.lagging = undefined;
    if (lagging === undefined || !connection.isOpen) return;
    for (const [channel, position] of lagging) {
      const missed = channel.since(position);
      if (missed === undefined) {
        this.#onSlow(connection);
        return;
      }
      this.sendMissed(connection, channel, missed);
    }
  }
}

/** What takes the place of events that a reader may not or need not see, so that positions have no gap. */
export function hiddenFrame(channel: StreamChannel, position: number): Buffer {
  return frameOf(messageText({ type: 'hidden', stream: channel.stream, position }));
}
