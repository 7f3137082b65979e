/** All connections of this instance, from the handshake to the last byte: their listeners, their limits, their end. */
import { randomBytes } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, WebSocketServer } from 'ws';
import type { Reader } from '../api/reader.ts';
import type { CloseName } from './close-codes.ts';
import { drain } from './drain.ts';
import { Connection } from './connection.ts';
import { createHeartbeat } from './heartbeat.ts';
import type { Hub } from './hub.ts';
import type { OnMessage } from './inbound.ts';
import { socketLimits } from './limits.ts';
import { subprotocol } from './protocol.ts';
import { type Admitted, destroyIt } from './upgrade.ts';

export interface ConnectionsDependencies {
  readonly hub: Pick<Hub, 'attach' | 'detach' | 'sendMessage' | 'connectionsOf' | 'flush'>;
  readonly onMessage: OnMessage;
  readonly onOpened: (userId: string) => void;
  readonly onClosed: (why: CloseReason, userId: string) => void;
  readonly heartbeatMs?: number;
  readonly lagMs?: number;
}

/** A code of ours, or who ended it otherwise. */
export type CloseReason = CloseName | 'client' | 'protocol-error';

export interface Connections {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, who: Admitted): void;
  watchLag(connection: Connection): void;
  count(): number;
  ofNetwork(network: string): number;
  /** Ends those that the judgement no longer lets in. */
  judgeAll(isOver: (reader: Reader) => boolean): void;
  start(): void;
  /** Sends everyone away in waves, each with a time to come back at, and waits until they have gone. */
  drain(durationMs: number): Promise<void>;
  stop(): void;
}

const millisecondsPerSecond = 1000;
const heartbeatSlots = 30;
const connectionIdBytes = 9;
/** What clients and their networks end a connection with. */
const clientCodes: ReadonlySet<number> = new Set([1000, 1001, 1005, 1006]);

export function createConnections(deps: ConnectionsDependencies): Connections {
  const { hub } = deps;
  // As many as there are connections.
  const networks = new Map<string, number>();
  const heartbeat = createHeartbeat({
    slots: heartbeatSlots,
    slotMs: (deps.heartbeatMs ?? socketLimits.heartbeatSeconds * millisecondsPerSecond) / heartbeatSlots,
    lagMs: deps.lagMs ?? socketLimits.lagSeconds * millisecondsPerSecond,
    onSilent: (connection) => {
      connection.closeAs('silent');
      connection.terminate();
    },
    onSlow: (connection) => {
      connection.closeAs('slow');
      connection.terminate();
    },
  });
  const server = createHandshake();

  // Shared by all connections: nothing of theirs is held in a closure.
  function onPong(this: Connection): void {
    this.alive = true;
  }
  function onError(): void {
    // The library ends the connection with the code that the error has, and `close` follows.
  }
  function onClose(this: Connection, code: number): void {
    heartbeat.remove(this);
    hub.detach(this);
    const left = (networks.get(this.network) ?? 1) - 1;
    if (left > 0) networks.set(this.network, left);
    else networks.delete(this.network);
    deps.onClosed(this.closedAs ?? (clientCodes.has(code) ? 'client' : 'protocol-error'), this.reader.userId);
  }

  function begin(connection: Connection, socket: Duplex, { reader, network }: Admitted): void {
    connection.begin({ id: randomBytes(connectionIdBytes).toString('base64url'), reader, network, stream: socket });
    networks.set(network, (networks.get(network) ?? 0) + 1);
    heartbeat.add(connection);
    hub.attach(connection, reader.userId);
    // Its emitter calls every listener on the connection itself, which its types do not know of a subclass.
    const emitter: EventEmitter = connection;
    emitter.on('message', deps.onMessage).on('pong', onPong).on('error', onError).on('close', onClose);
    deps.onOpened(reader.userId);
    hub.sendMessage(connection, {
      type: 'welcome',
      connectionId: connection.id,
      userId: reader.userId,
      heartbeatSeconds: socketLimits.heartbeatSeconds,
    });
  }

  return {
    accept(request, socket, head, who) {
      socket.off('error', destroyIt);
      server.handleUpgrade(request, socket, head, (connection) => begin(connection, socket, who));
    },
    watchLag: heartbeat.watchLag,
    count: heartbeat.count,
    ofNetwork: (network) => networks.get(network) ?? 0,
    judgeAll(isOver) {
      for (const connection of heartbeat.connections())
        if (connection.isOpen && isOver(connection.reader)) connection.closeAs('sessionEnded');
    },
    start: heartbeat.start,
    drain: (durationMs) => drain({ hub, connections: heartbeat.connections, durationMs }),
    stop: heartbeat.stop,
  };
}

function createHandshake() {
  const options: ServerOptions<typeof Connection> & {
    readonly closeTimeout: number;
    readonly maxFragments: number;
    readonly maxBufferedChunks: number;
  } = {
    noServer: true,
    WebSocket: Connection,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: socketLimits.messageBytes,
    maxFragments: socketLimits.fragments,
    maxBufferedChunks: socketLimits.bufferedChunks,
    closeTimeout: socketLimits.closeSeconds * millisecondsPerSecond,
    handleProtocols: () => subprotocol,
  };
  return new WebSocketServer(options);
}
