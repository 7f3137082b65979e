/** One request after the other on one kept connection, each one timed: no client library whose own pauses would be the slowest answers. */
import type { Socket } from 'node:net';
import { openSocket, readHead } from './http-load.ts';

export interface Asker {
  /** Milliseconds to the last byte of the answer. Rejects for a status other than 200. */
  ask(path: string, headers: Readonly<Record<string, string>>): Promise<number>;
  close(): void;
}

export function createAsker(port: number): Asker {
  let kept: Socket | undefined;
  return {
    async ask(path, headers) {
      const socket = kept ?? (await openSocket(port));
      const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
      const sentAt = performance.now();
      const closes = await exchange(socket, `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
      kept = closes ? undefined : socket;
      if (closes) socket.end();
      return performance.now() - sentAt;
    },
    close: () => kept?.destroy(),
  };
}

/** True when the server ends the connection behind its answer. */
function exchange(socket: Socket, request: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let pending: Buffer = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const answer = readHead(pending);
      if (answer === undefined || pending.length < answer.total) return;
      socket.off('data', onData).off('error', reject);
      if (answer.status === 200) resolve(answer.closes);
      else reject(new Error(`answered ${answer.status}: ${pending.toString('utf8').slice(0, 500)}`));
    };
    socket.on('data', onData).on('error', reject);
    socket.write(request);
  });
}
