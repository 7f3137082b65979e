/**
 * One WebSocket of one person. Everything that a connection needs stands on this one object, and its listeners are shared by all: an
 * idle connection is the most frequent thing that an instance holds.
 */
import type { Duplex } from 'node:stream';
import WebSocket from 'ws';
import type { Reader } from '../api/reader.ts';
import type { Batch } from './batch.ts';
import type { Channel } from './channel.ts';
import { closeCodes, type CloseName } from './close-codes.ts';
import { socketLimits } from './limits.ts';

export type StreamChannel = Channel<Connection, Person>;

/** Someone with at least one connection to this instance. What is the same for all of their connections stands here once. */
export interface Person {
  readonly userId: string;
  readonly connections: Set<Connection>;
  /** Their own stream. */
  readonly channel: StreamChannel;
  /** People whose doings they do not see. */
  hidden: ReadonlySet<string>;
  /** Resolves once their own stream is followed and `hidden` is known: nothing may be followed before. */
  ready: Promise<void>;
}

export class Connection extends WebSocket {
  declare id: string;
  declare reader: Reader;
  declare person: Person;
  /** Whom its address stands for. */
  declare network: string;
  /** What frames are written to. */
  declare stream: Duplex;
  /** Streams that it follows. */
  readonly channels: StreamChannel[] = [];
  /** Channels that it is about to follow; what ends its right to one of them takes it out again. */
  joining: Set<StreamChannel> | undefined = undefined;
  /** What it gets at the end of this turn. */
  batch: Batch | undefined = undefined;
  /** While it does not take what it is sent: up to where it has everything, for each channel. */
  lagging: Map<StreamChannel, number> | undefined = undefined;
  laggingSinceMs = 0;
  /** Whether it has given a sign of life since it was last asked for one. */
  alive = true;
  /** What it may still ask for, and when that was reckoned. */
  points = 0;
  pointsAtMs = 0;
  /** Why this side ended it. */
  closedAs: CloseName | undefined = undefined;

  get isOpen(): boolean {
    return this.readyState === WebSocket.OPEN;
  }

  /** What it is, from the moment of the handshake. */
  begin(what: { readonly id: string; readonly reader: Reader; readonly network: string; readonly stream: Duplex }): void {
    this.id = what.id;
    this.reader = what.reader;
    this.network = what.network;
    this.stream = what.stream;
    this.points = socketLimits.points;
    this.pointsAtMs = performance.now();
  }

  closeAs(name: CloseName): void {
    const { code, reason } = closeCodes[name];
    this.closedAs ??= name;
    this.close(code, reason);
  }
}
