/**
 * Who is connected to this instance. Each person's own stream is followed from their first connection here to their last: it says whose
 * doings they do not see and which subscriptions they have lost, so that both hold on every instance as soon as it is heard.
 */
import { z } from 'zod';
import type { TravellingEvent } from '../streams/event-text.ts';
import { streamKinds, type StreamReference } from '../streams/stream.ts';
import { subscriptionEnded } from '../streams/streams.ts';
import type { Connection, Person, StreamChannel } from './connection.ts';

/** People whom this one does not see, and who do not see them. `fresh`: they have changed a moment ago. */
export type HiddenFrom = (userId: string, options: { readonly fresh: boolean }) => Promise<ReadonlySet<string>>;

export interface PeopleDependencies {
  readonly hiddenFrom: HiddenFrom;
  readonly channelOf: (stream: StreamReference) => StreamChannel;
  readonly open: (channel: StreamChannel) => Promise<void>;
  readonly release: (channel: StreamChannel) => void;
  readonly end: (connection: Connection, stream: StreamReference) => void;
  readonly onError: (error: unknown) => void;
}

const blockChanged = 'block.changed';
const nobody: ReadonlySet<string> = new Set();
const endedShape = z.object({ data: z.object({ stream: z.object({ kind: z.enum(streamKinds), id: z.string() }) }) });

export function createPeople({ hiddenFrom, channelOf, open, release, end, onError }: PeopleDependencies) {
  // As many as are connected here.
  const people = new Map<string, Person>();

  async function prepare(person: Person): Promise<void> {
    await open(person.channel);
    person.hidden = await hiddenFrom(person.userId, { fresh: false });
  }

  function create(userId: string): Person {
    const person: Person = {
      userId,
      connections: new Set(),
      channel: channelOf({ kind: 'user', id: userId }),
      hidden: nobody,
      ready: Promise.resolve(),
    };
    person.channel.owner = person;
    people.set(userId, person);
    person.ready = prepare(person);
    person.ready.catch((error: unknown) => {
      onError(error);
      // Nothing is known of them: they come back, and it is looked for again.
      for (const connection of person.connections) connection.closeAs('tryAgainLater');
    });
    return person;
  }

  function readHidden(person: Person): void {
    hiddenFrom(person.userId, { fresh: true }).then(
      (hidden) => {
        person.hidden = hidden;
      },
      (error: unknown) => {
        onError(error);
        for (const connection of person.connections) connection.closeAs('tryAgainLater');
      },
    );
  }

  return {
    attach(connection: Connection, userId: string): void {
      const person = people.get(userId) ?? create(userId);
      connection.person = person;
      person.connections.add(connection);
    },
    detach(connection: Connection): void {
      const { person } = connection;
      person.connections.delete(connection);
      if (person.connections.size > 0 || people.get(person.userId) !== person) return;
      people.delete(person.userId);
      person.channel.owner = undefined;
      release(person.channel);
    },
    /** An event of their own stream. */
    hear(person: Person, event: TravellingEvent): void {
      if (event.type === blockChanged) readHidden(person);
      if (event.type !== subscriptionEnded) return;
      const stream = endedShape.safeParse(JSON.parse(event.frame)).data?.data.stream;
      if (stream !== undefined) for (const connection of person.connections) end(connection, stream);
    },
    connectionsOf: (userId: string) => people.get(userId)?.connections.size ?? 0,
    count: () => people.size,
  };
}
