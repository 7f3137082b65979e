/**
 * Domain events: a service announces what it did, and does not know who cares.
 *
 * *Announced* in the transaction that does it, or right after a statement that commits by itself. *Dropped* with that
 * transaction. *Delivered* after its commit: every subscriber is begun, in the order of the table, before the announcing call
 * returns to its caller, and nobody waits for them. So what a subscriber does before its first `await` is done when the
 * request is answered; a subscriber that fails or hangs undoes and delays nothing. Failures are reported, with their time
 * over as one of them.
 *
 * Delivery is to this process and once at most: a process that dies between commit and delivery loses the event. What must not be lost is
 * written in the transaction itself (a row, a job by `enqueue`, an event of a stream); other processes hear of things
 * through the database, the store or a stream, never from here.
 */
import type { Executor } from '../db/database.ts';
import type { DomainEvents, EventName } from './event-catalogue.ts';

type Subscriber<N extends EventName> = (data: DomainEvents[N]) => void | Promise<void>;

/** Who hears of what: every event, with its subscribers by the name that logs and metrics show. */
export type Subscribers = { readonly [N in EventName]: Readonly<Record<string, Subscriber<N>>> };

export interface Delivery {
  readonly event: EventName;
  readonly subscriber: string;
  readonly outcome: 'ok' | 'failed';
  readonly error?: unknown;
}

export interface EventsDependencies {
  readonly subscribers: Subscribers;
  readonly onDelivery: (delivery: Delivery) => void;
  /** Longest that a subscriber may take before it counts as failed. */
  readonly timeoutMs?: number;
}

/** What a service needs. */
export interface Announcements {
  /** `executor` is what the change was written with. */
  announce<N extends EventName>(executor: Pick<Executor, 'afterCommit'>, event: N, data: DomainEvents[N]): void;
}

export interface Events extends Announcements {
  /** Resolves when no delivery is under way: each has its time. For the end of the process. */
  settled(): Promise<void>;
}

const timeoutMsDefault = 10_000;

export function createEvents({ subscribers, onDelivery, timeoutMs = timeoutMsDefault }: EventsDependencies): Events {
  /** Each leaves within `timeoutMs`. */
  const underWay = new Set<Promise<void>>();

  async function deliver(event: EventName, subscriber: string, work: () => void | Promise<void>): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(`it took longer than ${timeoutMs} ms`)), timeoutMs);
    try {
      await Promise.race([work(), late.promise]);
      onDelivery({ event, subscriber, outcome: 'ok' });
    } catch (error) {
      onDelivery({ event, subscriber, outcome: 'failed', error });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    announce<N extends EventName>(executor: Pick<Executor, 'afterCommit'>, event: N, data: DomainEvents[N]) {
      executor.afterCommit(async () => {
        const deliveries = Object.entries<Subscriber<N>>(subscribers[event]).map(([name, hear]) => deliver(event, name, () => hear(data)));
        // Bounded by the table of subscribers.
        const all = Promise.all(deliveries).then(() => {
          underWay.delete(all);
        });
        underWay.add(all);
        await all;
      });
    },
    settled: async () => {
      // Bounded in time: what is here has begun, and leaves when its time is over.
      await Promise.all(underWay);
    },
  };
}
