import { Writable } from 'node:stream';
import { run } from '../src/main.ts';

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line inside this process with an environment of its own; no terminal is attached. */
export async function runCli(
  argv: readonly string[],
  options: { env?: Record<string, string>; isTerminal?: boolean } = {},
): Promise<CliRun> {
  const stdout = collector(options.isTerminal ?? false);
  const stderr = collector(options.isTerminal ?? false);
  const code = await run(argv, {
    stdin: undefined,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { PATH: process.env['PATH'], ...options.env },
    cwd: '/',
    signal: new AbortController().signal,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(isTTY: boolean): { stream: Writable & { isTTY: boolean; columns: number }; text: () => string } {
  let text = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns: 100 }), text: () => text };
}
