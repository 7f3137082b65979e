/** A real redis-server for one test file, which the test may stall, kill and start again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { waitUntil } from './wait-until.ts';

export interface TestRedis {
  readonly url: string;
  /** The process stops answering and keeps its connections: SIGSTOP. */
  stall(): void;
  resume(): void;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  start(): Promise<void>;
  /** One command past the store under test. */
  command(name: string, ...args: string[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts `program` (a redis-server) on a free port, without persistence. */
export async function startTestRedis(program: string): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'sanctum-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | undefined;
  // A test run that ends in the middle leaves no server behind.
  const killNow = () => void server?.kill('SIGKILL');
  process.once('exit', killNow);

  async function command(name: string, ...args: string[]): Promise<unknown> {
    const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
    // The connection's own error arrives through connect().
    client.on('error', () => {});
    try {
      await client.connect();
      return await client.call(name, ...args);
    } finally {
      client.disconnect();
    }
  }

  async function start(): Promise<void> {
    server = spawn(
      program,
      [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--appendonly',
        'no',
        '--repl-diskless-sync-delay',
        '0',
        '--dir',
        folder,
      ],
      { stdio: 'ignore' },
    );
    await waitUntil('redis-server answers', async () => (await command('ping').catch(() => undefined)) === 'PONG');
  }

  async function kill(): Promise<void> {
    const running = server;
    server = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const exited = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await exited;
  }

  await start();
  return {
    url,
    stall: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    kill,
    start,
    command,
    close: async () => {
      await kill();
      process.off('exit', killNow);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
