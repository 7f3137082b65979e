/**
 * Decides who becomes a connection. Refused before the handshake, with the answer that HTTP has for it: what comes while the server goes
 * away, under a foreign name, from a page of somebody else's, with anything in the query string, over a limit, or without a
 * fresh ticket. The ticket travels in Sec-WebSocket-Protocol, which browsers let a page set and nobody writes into logs and histories.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { trace } from '@opentelemetry/api';
import type { Reader } from '../api/reader.ts';
import { AppError, type ErrorCode } from '../errors.ts';
import { socketLimits } from './limits.ts';
import { eventsPath, subprotocol, ticketPrefix } from './protocol.ts';
import type { Tickets } from './tickets.ts';

export interface UpgradeDependencies {
  readonly tickets: Pick<Tickets, 'redeem'>;
  /** Null when the session has ended or the account is suspended. */
  readonly judge: (claimed: Reader) => Promise<Reader | null>;
  readonly isGoingAway: () => boolean;
  readonly hostError: (request: IncomingMessage) => ErrorCode | undefined;
  readonly isOwnOrigin: (request: IncomingMessage) => boolean;
  /** The network that the request comes from. */
  readonly networkOf: (request: IncomingMessage) => string;
  /** Counts an attempt. Throws `request.rate_limited`. */
  readonly spend: (network: string) => Promise<void>;
  readonly connections: {
    readonly all: () => number;
    readonly max: number;
    readonly ofNetwork: (network: string) => number;
    readonly ofUser: (userId: string) => number;
  };
  readonly refuse: (socket: Duplex, error: AppError, request: IncomingMessage) => void;
  readonly accept: (request: IncomingMessage, socket: Duplex, head: Buffer, who: Admitted) => void;
  readonly onTooManyOfUser: (userId: string) => void;
  readonly onError: (error: unknown) => void;
}

export interface Admitted {
  readonly reader: Reader;
  readonly network: string;
}

const tracer = trace.getTracer('sanctum.sockets');
const busySeconds = 5;

/** The listener of the server's event `upgrade`. */
export function createUpgrade(deps: UpgradeDependencies) {
  let pending = 0;

  /** What can be told without asking anybody. */
  function refusalOf(request: IncomingMessage): AppError | undefined {
    if (deps.isGoingAway()) return new AppError('server.shutting_down', { retryAfterSeconds: 1 });
    const host = deps.hostError(request);
    if (host !== undefined) return new AppError(host);
    const [path, query] = (request.url ?? '').split('?', 2);
    if (path !== eventsPath) return new AppError('request.route_unknown');
    if (query !== undefined) return new AppError('socket.query_refused');
    if (!deps.isOwnOrigin(request)) return new AppError('socket.origin_refused');
    if (pending >= socketLimits.upgradesPending || deps.connections.all() + pending >= deps.connections.max)
      return new AppError('server.busy', { retryAfterSeconds: busySeconds });
    return undefined;
  }

  async function admit(request: IncomingMessage): Promise<Admitted> {
    const network = deps.networkOf(request);
    if (isNetworkFull(network)) throw new AppError('socket.too_many_connections');
    await deps.spend(network);
    const ticket = ticketIn(request);
    if (ticket === undefined) throw new AppError('socket.ticket_required');
    const holder = await deps.tickets.redeem(ticket);
    const reader = holder === null ? null : await deps.judge({ ...holder, role: 'user' });
    if (reader === null) throw new AppError('socket.ticket_refused');
    return { reader, network };
  }

  /** In the turn in which it becomes a connection: of many that come together none slips past. */
  function assertRoom({ reader, network }: Admitted): void {
    // It may have gone while it was looked at.
    if (deps.isGoingAway()) throw new AppError('server.shutting_down', { retryAfterSeconds: 1 });
    const ofUser = deps.connections.ofUser(reader.userId);
    if (ofUser >= socketLimits.connectionsPerUser) deps.onTooManyOfUser(reader.userId);
    if (ofUser >= socketLimits.connectionsPerUser || isNetworkFull(network)) throw new AppError('socket.too_many_connections');
  }

  function isNetworkFull(network: string): boolean {
    return deps.connections.ofNetwork(network) >= socketLimits.connectionsPerNetwork;
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      deps.refuse(socket, refusal, request);
      return;
    }
    pending += 1;
    try {
      const admitted = await admit(request);
      assertRoom(admitted);
      if (!socket.destroyed) deps.accept(request, socket, head, admitted);
    } catch (error) {
      if (!(error instanceof AppError)) deps.onError(error);
      deps.refuse(socket, error instanceof AppError ? error : new AppError('server.internal', { cause: error }), request);
    } finally {
      pending -= 1;
    }
  }

  return traced(upgrade, deps.onError);
}

function traced(upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>, onError: (error: unknown) => void) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A client that leaves at once is no error of ours.
    socket.on('error', destroyIt);
    tracer.startActiveSpan('ws upgrade', (span) => {
      upgrade(request, socket, head)
        .catch(onError)
        .finally(() => span.end());
    });
  };
}

/** Shared by all sockets. */
export function destroyIt(this: Duplex): void {
  this.destroy();
}

/** The one ticket of a client that speaks our protocol. */
function ticketIn(request: IncomingMessage): string | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const tickets = offered.filter((name) => name.startsWith(ticketPrefix));
  const [ticket] = tickets;
  return offered.includes(subprotocol) && tickets.length === 1 ? ticket?.slice(ticketPrefix.length) : undefined;
}
