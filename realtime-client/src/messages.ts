/** What is said over a connection, as the client sees it. docs/realtime-protocol.md tells it in full; a test holds these types to the server's shapes. */

export type StreamKind = 'conversation' | 'notifications' | 'sanctum' | 'room' | 'user';

export interface StreamReference {
  readonly kind: StreamKind;
  readonly id: string;
}

export interface StreamEvent {
  readonly type: 'event';
  readonly stream: StreamReference;
  readonly position: number;
  readonly event: string;
  readonly at: string;
  readonly actorId?: string | undefined;
  readonly data?: unknown;
}

export interface Announcement {
  readonly type: 'announcement';
  readonly stream: StreamReference;
  readonly event: string;
  readonly actorId?: string | undefined;
  readonly data?: unknown;
}

export type ServerMessage =
  | { readonly type: 'welcome'; readonly connectionId: string; readonly userId: string; readonly heartbeatSeconds: number }
  | { readonly type: 'subscribed'; readonly stream: StreamReference; readonly position: number; readonly recovered: boolean }
  | StreamEvent
  | Announcement
  | { readonly type: 'hidden'; readonly stream: StreamReference; readonly position: number }
  | { readonly type: 'reset'; readonly stream: StreamReference; readonly position: number }
  | { readonly type: 'ended'; readonly stream: StreamReference }
  | { readonly type: 'refused'; readonly stream: StreamReference; readonly code: 'not-found' | 'too-many' | 'unavailable' }
  | { readonly type: 'reconnect'; readonly afterMs: number }
  | { readonly type: 'pong'; readonly id?: number | undefined };

export type ClientMessage =
  | { readonly type: 'subscribe'; readonly streams: readonly (StreamReference & { readonly position?: number })[] }
  | { readonly type: 'unsubscribe'; readonly streams: readonly StreamReference[] }
  | { readonly type: 'ping'; readonly id?: number };

export const subprotocol = 'sanctum.v1';
export const ticketPrefix = 'ticket.';
export const eventsPath = '/api/ws/events';

/** The codes that a client acts on. */
export const closeCodes = { malformed: 4400, sessionEnded: 4401, tooMany: 4429 } as const;

/** Where connections are opened, from the address of the API. */
export function socketAddress(api: string): string {
  const address = new URL(eventsPath, api);
  address.protocol = address.protocol === 'http:' ? 'ws:' : 'wss:';
  return address.href;
}
