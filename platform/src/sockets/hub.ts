/**
 * Hands what happens to the connections of this instance. Index by stream; one way in (`take`), one way out (delivery.ts). An event is handed on
 * only behind its predecessor, so every subscriber gets every event of a stream once and in order, whatever the broker does.
 */
import type { Broker } from '../streams/broker.ts';
import { fromMessage, type TravellingEvent } from '../streams/event-text.ts';
import { keyOf, type StreamReference } from '../streams/stream.ts';
import type { Streams } from '../streams/streams.ts';
import { type Channels, createChannels } from './channels.ts';
import type { Connection } from './connection.ts';
import { createDelivery } from './delivery.ts';
import { createFanOut } from './fan-out.ts';
import { createGaps, type Gaps } from './gaps.ts';
import { createJoins, type JoinOutcome, type Joins } from './joins.ts';
import { createPeople, type HiddenFrom } from './people.ts';

export interface HubDependencies {
  readonly streams: Pick<Streams, 'readMany' | 'ahead'>;
  readonly broker: Broker;
  readonly hiddenFrom: HiddenFrom;
  readonly observe: HubObserver;
  readonly checkEveryMs?: number;
  readonly lagBytes?: number;
}

export interface HubObserver {
  readonly onDelivered: (event: TravellingEvent, connections: number) => void;
  readonly onDropped: (connections: number) => void;
  readonly onLag: (connection: Connection) => void;
  readonly onJoined: (outcome: JoinOutcome) => void;
  readonly onGapRead: (channels: number) => void;
  readonly onError: (error: unknown) => void;
}

export interface Hub {
  /** Counts it among its person's connections. */
  attach(connection: Connection, userId: string): void;
  /** Takes it out of everything. */
  detach(connection: Connection): void;
  /** False when `mayFollow` says no. Otherwise the connection follows the stream from behind `after`, or left meanwhile. Rejects when that cannot be looked up. */
  join(connection: Connection, stream: StreamReference, after: number | null, mayFollow: () => Promise<boolean>): Promise<boolean>;
  /** Ends a subscription, also one that is about to begin. True when there was one. */
  leave(connection: Connection, stream: StreamReference): boolean;
  connectionsOf(userId: string): number;
  sendMessage: ReturnType<typeof createDelivery>['sendMessage'];
  flush(): void;
  counts(): { readonly streams: number; readonly subscriptions: number; readonly people: number };
  start(): void;
  stop(): void;
}

export function createHub(deps: HubDependencies): Hub {
  const { streams, broker, observe } = deps;
  const delivery = createDelivery({
    onSlow: (connection) => connection.closeAs('slow'),
    onLag: observe.onLag,
    ...(deps.lagBytes === undefined ? {} : { lagBytes: deps.lagBytes }),
  });
  const fanOut = createFanOut({ delivery, onDelivered: observe.onDelivered, onDropped: observe.onDropped });
  const channels = createChannels({
    broker,
    delivery,
    fanOut,
    hear: (person, event) => people.hear(person, event),
    suspect: (channel) => gaps.suspect(channel),
  });
  const joins = createJoins({ streams, broker, delivery, absorb: channels.absorb, onJoined: observe.onJoined });
  const gaps = createGaps({
    streams,
    channels: channels.all,
    absorb: channels.absorb,
    onRead: observe.onGapRead,
    onError: observe.onError,
    ...(deps.checkEveryMs === undefined ? {} : { checkEveryMs: deps.checkEveryMs }),
  });
  const { leave, join, detach } = createMembership(channels, joins);
  const people = createPeople({
    hiddenFrom: deps.hiddenFrom,
    channelOf: channels.of,
    open: (channel) => joins.open(channel),
    release: channels.release,
    end: (connection, stream) => {
      if (leave(connection, stream)) delivery.sendMessage(connection, { type: 'ended', stream });
    },
    onError: observe.onError,
  });
  listen(broker, channels, gaps);

  return {
    attach: people.attach,
    leave,
    join,
    detach(connection) {
      detach(connection);
      people.detach(connection);
    },
    connectionsOf: people.connectionsOf,
    sendMessage: delivery.sendMessage,
    flush: delivery.flush,
    counts() {
      let subscriptions = 0;
      for (const { subscribers } of channels.all()) subscriptions += subscribers.size;
      return { streams: channels.count(), subscriptions, people: people.count() };
    },
    start: () => gaps.start(),
    stop: () => gaps.stop(),
  };
}

function listen(broker: Broker, channels: Channels, gaps: Gaps): void {
  broker.listen({
    onMessage(key, message) {
      const event = fromMessage(message);
      const channel = channels.find(key);
      if (event !== undefined && channel !== undefined) channels.take(channel, event);
    },
    onWake: (keys) => gaps.read(keys.map((key) => channels.find(key)).filter((channel) => channel !== undefined)),
    onGap: () => gaps.checkSoon(),
  });
}

/** How a connection gets into channels and out of them. */
function createMembership(channels: Channels, joins: Joins) {
  return {
    leave(connection: Connection, stream: StreamReference): boolean {
      const channel = channels.find(keyOf(stream));
      if (channel === undefined) return false;
      const wasJoining = connection.joining?.delete(channel) === true;
      const wasIn = channel.subscribers.delete(connection);
      if (wasIn) connection.channels.splice(connection.channels.indexOf(channel), 1);
      connection.lagging?.delete(channel);
      channels.release(channel);
      return wasJoining || wasIn;
    },

    detach(connection: Connection): void {
      for (const channel of connection.channels) {
        channel.subscribers.delete(connection);
        channels.release(channel);
      }
      connection.channels.length = 0;
      connection.joining = undefined;
      connection.lagging = undefined;
      connection.batch = undefined;
    },

    async join(connection: Connection, stream: StreamReference, after: number | null, mayFollow: () => Promise<boolean>): Promise<boolean> {
      const channel = channels.of(stream);
      channel.joining += 1;
      connection.joining ??= new Set();
      connection.joining.add(channel);
      try {
        await connection.person.ready;
        const allowed = await mayFollow();
        // It left, or lost its right, while that was looked up.
        if (connection.joining?.has(channel) !== true) return allowed;
        if (allowed) await joins.join(connection, channel, after);
        return allowed;
      } finally {
        connection.joining?.delete(channel);
        channel.joining -= 1;
        channels.release(channel);
      }
    },
  };
}
