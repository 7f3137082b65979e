/**
 * A thin closed-loop generator: raw keep-alive sockets, one request in flight on each. It reads just enough of
 * an answer to know where it ends, so that the generator is never what is measured. Loopback only.
 */
import { connect, type Socket } from 'node:net';

export interface Load {
  readonly port: number;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly durationMs: number;
}

export interface LoadResult {
  readonly answers: number;
  /** Answers whose status was not 200. */
  readonly failures: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly latenciesMs: readonly number[];
}

const headerEnd = Buffer.from('\r\n\r\n');

function answerLength(data: Buffer): { total: number; status: number } | undefined {
  const end = data.indexOf(headerEnd);
  if (end === -1) return undefined;
  const head = data.subarray(0, end).toString('latin1');
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`the generator needs a Content-Length; got:\n${head}`);
  return { total: end + headerEnd.length + Number(length), status: Number(head.slice(9, 12)) };
}

function drive(
  socket: Socket,
  request: string,
  until: number,
  onAnswer: (status: number, bytes: number, ms: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let pending: Buffer = Buffer.alloc(0);
    let sentAt = 0;
    const send = () => {
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.on('data', (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const answer = answerLength(pending);
      if (answer === undefined || pending.length < answer.total) return;
      pending = Buffer.alloc(0);
      const now = performance.now();
      onAnswer(answer.status, answer.total, now - sentAt);
      if (now < until) send();
      else socket.end();
    });
    send();
  });
}

export async function loadHttp(load: Load): Promise<LoadResult> {
  const lines = Object.entries({ host: `127.0.0.1:${load.port}`, ...load.headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = `GET ${load.path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  const sockets = await Promise.all(
    Array.from({ length: load.connections }, async () => {
      const socket = connect({ port: load.port, host: '127.0.0.1', noDelay: true });
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      return socket;
    }),
  );
  const latenciesMs: number[] = [];
  let failures = 0;
  let bytes = 0;
  const started = performance.now();
  await Promise.all(
    sockets.map((socket) =>
      drive(socket, request, started + load.durationMs, (status, size, ms) => {
        latenciesMs.push(ms);
        bytes += size;
        if (status !== 200) failures += 1;
      }),
    ),
  );
  return { answers: latenciesMs.length, failures, seconds: (performance.now() - started) / 1000, bytes, latenciesMs };
}
