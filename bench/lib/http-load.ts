/**
 * A thin closed-loop generator: raw keep-alive sockets, one request in flight on each. It reads just enough of
 * an answer to know where it ends, so that the generator is never what is measured. Loopback only.
 *
 * It never sleeps: a server whose answer has to wake its reader pays for that in the system call that sends it, and only a server
 * that is slower than its generator meets a sleeping one. Half of the difference between two servers was this.
 */
import { connect, type Socket } from 'node:net';

export interface Load {
  readonly port: number;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly durationMs: number;
  /** The whole request as it is written, anew each time, by the number of its connection; a GET of the path unless given. */
  readonly requestOf?: (connection: number) => string;
  /** The status that counts as an answer; 200 unless given. */
  readonly status?: number;
}

export interface LoadResult {
  readonly answers: number;
  /** Answers with another status than the one that was asked for. */
  readonly failures: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly latenciesMs: readonly number[];
}

const headerEnd = Buffer.from('\r\n\r\n');

interface AnswerHead {
  readonly total: number;
  readonly status: number;
  /** The server ends the connection behind this answer. */
  readonly closes: boolean;
}

export function readHead(data: Buffer): AnswerHead | undefined {
  const end = data.indexOf(headerEnd);
  if (end === -1) return undefined;
  const head = data.subarray(0, end).toString('latin1');
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`the generator needs a Content-Length; got:\n${head}`);
  const closes = /\r\nconnection: close/i.test(head);
  return { total: end + headerEnd.length + Number(length), status: Number(head.slice(9, 12)), closes };
}

type OnAnswer = (status: number, bytes: number, ms: number) => void;

/** One connection until it is time to stop, or until the server ends it: true when another one has to go on. */
function drive(socket: Socket, requestOf: () => string, until: number, onAnswer: OnAnswer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let pending: Buffer = Buffer.alloc(0);
    let sentAt = 0;
    let goesOn = false;
    const send = () => {
      sentAt = performance.now();
      socket.write(requestOf());
    };
    socket.on('error', reject);
    socket.on('close', () => resolve(goesOn));
    socket.on('data', (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const answer = readHead(pending);
      if (answer === undefined || pending.length < answer.total) return;
      pending = Buffer.alloc(0);
      const now = performance.now();
      onAnswer(answer.status, answer.total, now - sentAt);
      goesOn = answer.closes && now < until;
      if (now < until && !answer.closes) send();
      else socket.end();
    });
    send();
  });
}

export async function openSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

export async function loadHttp(load: Load): Promise<LoadResult> {
  const lines = Object.entries({ host: `127.0.0.1:${load.port}`, ...load.headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = `GET ${load.path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  const sockets = await Promise.all(Array.from({ length: load.connections }, () => openSocket(load.port)));
  const latenciesMs: number[] = [];
  let failures = 0;
  let bytes = 0;
  const started = performance.now();
  const until = started + load.durationMs;
  const note: OnAnswer = (status, size, ms) => {
    latenciesMs.push(ms);
    bytes += size;
    if (status !== (load.status ?? 200)) failures += 1;
  };
  const awake = stayAwake();
  try {
    await Promise.all(
      sockets.map(async (first, connection) => {
        const requestOf = () => load.requestOf?.(connection) ?? request;
        for (let socket = first; await drive(socket, requestOf, until, note);) socket = await openSocket(load.port);
      }),
    );
  } finally {
    awake.stop();
  }
  return { answers: latenciesMs.length, failures, seconds: (performance.now() - started) / 1000, bytes, latenciesMs };
}

function stayAwake(): { stop(): void } {
  let spinning = true;
  const spin = () => {
    if (spinning) setImmediate(spin);
  };
  spin();
  return {
    stop: () => {
      spinning = false;
    },
  };
}
