import { Writable } from 'node:stream';
import { CommanderError } from 'commander';
import { createProgram } from './program.ts';

/** The text of `sanctum-ops --help`, as the declarations of the commands make it. */
export function mainHelp(): string {
  let text = '';
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  const program = createProgram({ action: () => async () => undefined }, { stdout: sink, stderr: sink });
  try {
    program.parse(['--help'], { from: 'user' });
  } catch (error) {
    // Commander ends the printing of its help with an exception of its own.
    if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
  }
  return text;
}
