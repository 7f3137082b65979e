/** The state of a client's connection, for whoever shows it. */
export type ConnectionState =
  | { readonly name: 'idle' | 'connecting' | 'open' | 'signed-out' | 'given-up' }
  | { readonly name: 'waiting'; readonly attempt: number; readonly delayMs: number };

/** What the client uses of a WebSocket. */
export interface ClientSocket {
  readonly readyState: number;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export type SocketConstructor = new (address: string, protocols: string[]) => ClientSocket;
