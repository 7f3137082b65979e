/** A program in a process of its own; it prints `ready <port>` when it can be asked, and other `<word> <value>` lines. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Child {
  readonly pid: number;
  readonly port: number;
  /** What it said under a word before it was ready. */
  said(word: string): string;
  /** Sends an empty line and waits for the answer under a word. */
  ask(word: string): Promise<string>;
  stop(): Promise<void>;
}

const readyTimeoutMs = 30_000;

export async function startChild(script: string, env: Readonly<Record<string, string>>): Promise<Child> {
  const child = spawn(process.execPath, [script], { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const timer = setTimeout(() => reject(new Error(`${script} was not ready after ${readyTimeoutMs} ms`)), readyTimeoutMs);
  child.once('exit', (code) => reject(new Error(`${script} ended with ${code} before it was ready`)));
  const words = new Map<string, string>();
  const waiting = new Map<string, (value: string) => void>();
  createInterface(child.stdout).on('line', (line) => {
    const [word, value] = line.split(' ');
    if (word === undefined || value === undefined) return;
    words.set(word, value);
    waiting.get(word)?.(value);
    waiting.delete(word);
    if (word === 'ready') resolve(Number(value));
  });
  try {
    const port = await promise;
    return {
      pid: child.pid ?? 0,
      port,
      said: (word) => {
        const value = words.get(word);
        if (value === undefined) throw new Error(`${script} never said "${word}"`);
        return value;
      },
      ask: (word) => {
        const answer = new Promise<string>((received) => waiting.set(word, received));
        child.stdin.write('\n');
        return answer;
      },
      stop: async () => {
        if (child.exitCode !== null) return;
        child.kill('SIGTERM');
        await once(child, 'exit');
      },
    };
  } finally {
    clearTimeout(timer);
  }
}
