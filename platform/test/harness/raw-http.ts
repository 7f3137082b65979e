/** Talks HTTP byte by byte, for what a well-behaved client never sends. */
import { connect, type Socket } from 'node:net';
import { conditionLimitMs } from './hang-limits.ts';

export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/** Sends the bytes and collects until the server closes the connection. Rejects after `limitMs`. */
export function sendRaw(port: number, bytes: string | Buffer, limitMs = conditionLimitMs): Promise<RawAnswer> {
  return talkRaw(port, (socket) => socket.write(bytes), limitMs);
}

export function talkRaw(port: number, talk: (socket: Socket) => void, limitMs = conditionLimitMs): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const chunks: Buffer[] = [];
  const socket = connect(port, '127.0.0.1', () => talk(socket));
  const timer = setTimeout(() => {
    socket.destroy();
    reject(new Error(`the server did not close within ${limitMs} ms; it said: ${Buffer.concat(chunks).toString('latin1').slice(0, 300)}`));
  }, limitMs);
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A server that refuses a body closes while the client still writes: what it said before counts.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    clearTimeout(timer);
    const text = Buffer.concat(chunks).toString('utf8');
    resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
  });
  return promise;
}
