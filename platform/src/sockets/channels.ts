/** All streams that somebody on this instance follows, and what becomes of an event that arrives for one: handed on behind its predecessor, or kept until that has come. */
import type { Broker } from '../streams/broker.ts';
import { type TravellingEvent, travellingEvent } from '../streams/event-text.ts';
import { keyOf, type StreamKey, type StreamReference } from '../streams/stream.ts';
import type { StreamSlice } from '../streams/streams.ts';
import { Channel } from './channel.ts';
import type { Connection, Person, StreamChannel } from './connection.ts';
import type { Delivery } from './delivery.ts';
import type { FanOut } from './fan-out.ts';

export interface ChannelsDependencies {
  readonly broker: Pick<Broker, 'unfollow'>;
  readonly delivery: Pick<Delivery, 'sendMessage'>;
  readonly fanOut: FanOut;
  /** An event of a person's own stream. */
  readonly hear: (person: Person, event: TravellingEvent) => void;
  /** An event has come and its predecessor has not. */
  readonly suspect: (channel: StreamChannel) => void;
}

export interface Channels {
  /** The channel of the stream, made when there is none; it stays while somebody uses it. */
  of(stream: StreamReference): StreamChannel;
  find(key: StreamKey): StreamChannel | undefined;
  all(): Iterable<StreamChannel>;
  count(): number;
  /** Lets it go when nobody uses it any more. */
  release(channel: StreamChannel): void;
  take(channel: StreamChannel, event: TravellingEvent): void;
  /** Brings a channel up to what was read of its stream. */
  absorb(channel: StreamChannel, slice: StreamSlice): void;
}

export function createChannels({ broker, delivery, fanOut, hear, suspect }: ChannelsDependencies): Channels {
  // As many as there are streams with a subscriber here; each connection may have only so many.
  const channels = new Map<StreamKey, StreamChannel>();

  function hand(channel: StreamChannel, event: TravellingEvent): void {
    channel.head = event.position;
    fanOut.event(channel, event, channel.remember(event));
    if (channel.owner !== undefined) hear(channel.owner, event);
  }

  function takeEarly(channel: StreamChannel): void {
    for (let next = channel.takeEarly(); next !== undefined; next = channel.takeEarly()) hand(channel, next);
    if (channel.hasGap) suspect(channel);
  }

  /** What lay between cannot be had any more. */
  function reset(channel: StreamChannel, head: number): void {
    channel.forget();
    channel.head = head;
    for (const connection of channel.subscribers) {
      connection.lagging?.set(channel, head);
      delivery.sendMessage(connection, { type: 'reset', stream: channel.stream, position: head });
    }
  }

  return {
    of(stream) {
      const key = keyOf(stream);
      const known = channels.get(key);
      if (known !== undefined) return known;
      const channel = new Channel<Connection, Person>(stream);
      channels.set(key, channel);
      return channel;
    },
    find: (key) => channels.get(key),
    all: () => channels.values(),
    count: () => channels.size,
    release(channel) {
      if (!channel.isUnused || channels.get(channel.key) !== channel) return;
      channels.delete(channel.key);
      broker.unfollow(channel.key);
    },
    take(channel, event) {
      if (event.position === 0) fanOut.announcement(channel, event);
      else if (channel.head !== undefined && event.position === channel.head + 1) {
        hand(channel, event);
        takeEarly(channel);
      } else if (channel.head === undefined || event.position > channel.head) {
        channel.keepEarly(event);
        if (channel.head !== undefined) suspect(channel);
      }
    },
    absorb(channel, slice) {
      const events = slice.events.map((event) => travellingEvent(channel.stream, event));
      if (channel.head === undefined) {
        // Nobody is in it yet: what was before is only remembered, for those who come in with an older position.
        for (const event of events) channel.remember(event);
        channel.head = slice.head;
      }
      const next = channel.head + 1;
      if (slice.head >= next && !events.some(({ position }) => position === next)) reset(channel, slice.head);
      for (const event of events) if (event.position === channel.head + 1) hand(channel, event);
      takeEarly(channel);
    },
  };
}
