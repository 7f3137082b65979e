/** The platform as its operator starts it: a process with an environment. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { testJwtSecret } from './test-config.ts';
import { waitUntil } from './wait-until.ts';

export interface PlatformProcess {
  readonly pid: number;
  /** Everything written so far. */
  stdout(): string;
  stderr(): string;
  /** The base URL, once it listens. Throws with its output when it ends before. */
  url(): Promise<string>;
  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void;
  /** Exit code, or the name of the signal that ended it. */
  exit(): Promise<number | string>;
}

const main = join(import.meta.dirname, '../../bin/platform.js');

/** Only the given environment and PATH: nothing of the test's own leaks in. */
export function startPlatform(environment: Readonly<Record<string, string>>): PlatformProcess {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'], JWT_SECRET: testJwtSecret, PORT: '0', JOBS_ENABLED: 'false', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | string>((resolve) => child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown')));
  const listening = () => /"url":"([^"]+)"/.exec(stdout)?.[1];
  if (child.pid === undefined) throw new Error('the platform could not be started');
  return {
    pid: child.pid,
    stdout: () => stdout,
    stderr: () => stderr,
    url: async () => {
      await waitUntil('the platform listens', () => listening() !== undefined || child.exitCode !== null);
      const url = listening();
      if (url === undefined) throw new Error(`the platform ended with ${child.exitCode}: ${stderr}${stdout}`);
      return url;
    },
    signal: (name) => child.kill(name),
    exit: () => ended,
  };
}
