/** One event to everyone who follows its stream: framed once, and hidden from those who may not see who did it. */
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import type { TravellingEvent } from '../streams/event-text.ts';
import type { Recent } from './channel.ts';
import type { Connection, StreamChannel } from './connection.ts';
import { type Delivery, hiddenFrame } from './delivery.ts';
import { frameOf } from './frame.ts';

export interface FanOutDependencies {
  readonly delivery: Delivery;
  readonly onDelivered: (event: TravellingEvent, connections: number) => void;
  readonly onDropped: (connections: number) => void;
}

export interface FanOut {
  event(channel: StreamChannel, event: TravellingEvent, recent: Recent): void;
  announcement(channel: StreamChannel, event: TravellingEvent): void;
}

/** Who holds more than this unsent hears of nobody's typing. */
const dropBytes = 16 * 1024;
const tracer = trace.getTracer('sanctum.sockets');

export function createFanOut({ delivery, onDelivered, onDropped }: FanOutDependencies): FanOut {
  function isHidden({ person }: Connection, { actorId }: { readonly actorId: string | null }): boolean {
    return actorId !== null && person.hidden.size > 0 && person.hidden.has(actorId);
  }

  return {
    event(channel, event, recent) {
      let hidden: Buffer | undefined;
      let sent = 0;
      for (const connection of channel.subscribers) {
        // It gets this from memory once it has taken what it was sent.
        if (connection.lagging !== undefined) continue;
        sent += 1;
        if (isHidden(connection, event)) {
          hidden ??= hiddenFrame(channel, event.position);
          delivery.send(connection, hidden);
        } else delivery.send(connection, recent.frame);
      }
      onDelivered(event, sent);
      if (event.trace !== null) traceDelivery(event.trace, channel, sent);
    },

    announcement(channel, event) {
      const frame = frameOf(event.frame);
      let sent = 0;
      let dropped = 0;
      for (const connection of channel.subscribers) {
        if (isHidden(connection, event)) continue;
        if (connection.lagging !== undefined || connection.stream.writableLength > dropBytes) dropped += 1;
        else {
          sent += 1;
          delivery.send(connection, frame);
        }
      }
      onDelivered(event, sent);
      if (dropped > 0) onDropped(dropped);
    },
  };
}

/** The last span of the trace that began with the request: on this instance, whichever one that was sent to. */
function traceDelivery(traceparent: string, channel: StreamChannel, connections: number): void {
  const parent = propagation.extract(context.active(), { traceparent });
  context.with(parent, () => {
    tracer
      .startSpan('stream deliver', {
        kind: SpanKind.CONSUMER,
        attributes: { 'sanctum.stream.kind': channel.stream.kind, 'sanctum.connections': connections },
      })
      .end();
  });
}
