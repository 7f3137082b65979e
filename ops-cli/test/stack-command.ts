/** Runs the command line as its user does, in a process of its own, on a stack of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const launcher = join(import.meta.dirname, '../bin/sanctum-ops.js');

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param options.interruptWhen sends SIGINT once as soon as this text appears on stderr */
export function runStackCommand(home: string, argv: readonly string[], options: { interruptWhen?: string } = {}): Promise<CommandResult> {
  const { DATABASE_URL: _database, REDIS_URL: _redis, JWT_SECRET: _secret, PORT: _port, ...env } = process.env;
  const child = spawn(process.execPath, [launcher, ...argv], { env: { ...env, SANCTUM_HOME: home } });
  const { promise, resolve } = Promise.withResolvers<CommandResult>();
  let stdout = '';
  let stderr = '';
  let isInterrupted = false;
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    // Once: a second interrupt means that nobody waits for a clean end.
    if (!isInterrupted && options.interruptWhen !== undefined && stderr.includes(options.interruptWhen))
      isInterrupted = child.kill('SIGINT');
  });
  child.once('close', (code) => resolve({ code, stdout, stderr }));
  return promise;
}
