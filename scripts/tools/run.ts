/** Runs one program to its end and says in one line what went wrong. */
import { spawnSync } from 'node:child_process';

const timeoutMs = 300_000;
const outputBytesMax = 64 * 1024 * 1024;

export interface Ran {
  readonly stdout: string;
  /** Undefined when it ended well. */
  readonly problem: string | undefined;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

export function run(command: string, parameters: readonly string[], options: RunOptions = {}): Ran {
  const result = spawnSync(command, parameters, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: outputBytesMax,
    timeout: options.timeoutMs ?? timeoutMs,
    env: options.environment ?? process.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  if (result.status === 0) return { stdout: result.stdout, problem: undefined };
  const said = (result.stderr ?? '').trim().split('\n').at(-1) ?? '';
  const ended = result.error?.message ?? `ended with ${result.signal ?? `exit code ${result.status}`}`;
  return { stdout: result.stdout ?? '', problem: `${command} ${parameters[0] ?? ''}: ${said === '' ? ended : said}` };
}
