/** What clients send: each message counted, read by the protocol's shape, and done. What is no message of the protocol ends the connection. */
import type { StreamKind, StreamReference } from '../streams/stream.ts';
import type { Connection } from './connection.ts';
import type { Hub } from './hub.ts';
import { socketLimits } from './limits.ts';
import { createPermits } from './permits.ts';
import { type ClientMessage, readClientMessage } from './protocol.ts';

/** Who may follow a stream of this kind. A kind without a rule is followed by nobody. */
export type FollowRules = Readonly<Partial<Record<StreamKind, (userId: string, id: string) => Promise<boolean>>>>;

export interface InboundDependencies {
  readonly hub: Pick<Hub, 'join' | 'leave' | 'sendMessage'>;
  readonly mayFollow: FollowRules;
  readonly onMessage: (type: ClientMessage['type']) => void;
  readonly onError: (error: unknown) => void;
}

/** The listener of the event `message`, shared by all connections. */
export type OnMessage = (this: Connection, data: Buffer, isBinary: boolean) => void;

type Subscription = Extract<ClientMessage, { type: 'subscribe' }>['streams'][number];

/** Rules that are looked up at the same time: a thousand clients that come back leave the others their share of the database. */
const lookUpsMax = 8;
const millisecondsPerSecond = 1000;

export function createInbound({ hub, mayFollow, onMessage, onError }: InboundDependencies): OnMessage {
  const permit = createPermits(lookUpsMax);

  async function mayRead(userId: string, { kind, id }: StreamReference): Promise<boolean> {
    // What is a person's own asks nobody.
    if (kind === 'user' || kind === 'notifications') return id === userId;
    const rule = mayFollow[kind];
    return rule === undefined ? false : await permit(() => rule(userId, id));
  }

  async function subscribe(connection: Connection, { kind, id, position }: Subscription): Promise<void> {
    const stream = { kind, id };
    hub.leave(connection, stream);
    if (connection.channels.length + (connection.joining?.size ?? 0) >= socketLimits.subscriptionsPerConnection) {
      hub.sendMessage(connection, { type: 'refused', stream, code: 'too-many' });
      return;
    }
    try {
      const isAllowed = await hub.join(connection, stream, position ?? null, () => mayRead(connection.reader.userId, stream));
      if (!isAllowed) hub.sendMessage(connection, { type: 'refused', stream, code: 'not-found' });
    } catch (error) {
      onError(error);
      hub.sendMessage(connection, { type: 'refused', stream, code: 'unavailable' });
    }
  }

  function handle(connection: Connection, message: ClientMessage): void {
    if (message.type === 'ping')
      hub.sendMessage(connection, message.id === undefined ? { type: 'pong' } : { type: 'pong', id: message.id });
    else if (message.type === 'unsubscribe') for (const stream of message.streams) hub.leave(connection, stream);
    else for (const stream of message.streams) subscribe(connection, stream).catch(onError);
  }

  return function take(this: Connection, data, isBinary) {
    this.alive = true;
    if (!this.isOpen) return;
    if (isBinary) {
      this.closeAs('unsupported');
      return;
    }
    const message = readClientMessage(data.toString('utf8'));
    if (!spend(this, message)) this.closeAs('tooMany');
    else if (message === undefined) this.closeAs('malformed');
    else {
      onMessage(message.type);
      handle(this, message);
    }
  };
}

/** A message costs a point, and one for each stream that it names. */
function spend(connection: Connection, message: ClientMessage | undefined): boolean {
  const now = performance.now();
  const earned = ((now - connection.pointsAtMs) / millisecondsPerSecond) * socketLimits.pointsPerSecond;
  connection.points = Math.min(socketLimits.points, connection.points + earned);
  connection.pointsAtMs = now;
  connection.points -= 1 + (message !== undefined && 'streams' in message ? message.streams.length : 0);
  return connection.points >= 0;
}
