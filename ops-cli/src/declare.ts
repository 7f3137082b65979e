import type { Command } from 'commander';
import { createInterface } from 'node:readline/promises';
import type { CommandContext, CommonOptions, Handler, Terminal } from './context.ts';
import type { ExitCode } from './exit-codes.ts';
import { chooseFormat, createOutput } from './output.ts';

/** Adds one command to the program. Light by rule: it declares, and imports its handler only when it runs. */
export type CommandDeclaration = (program: Command, runner: Runner) => void;

export interface Runner {
  /**
   * Makes a commander action of a lazily imported handler. Positional arguments and options reach it
   * as one object; `formats` are those the command speaks, text first.
   */
  action<Options>(
    formats: readonly string[],
    load: () => Promise<Handler<Options>>,
    collect: Collect<Options>,
  ): (...args: unknown[]) => Promise<void>;
}

/** Turns what commander parsed into the handler's options; throws a usage error for a bad value. */
export type Collect<Options> = (parsed: { args: readonly string[]; options: Readonly<Record<string, unknown>> }) => Options;

export function createRunner(terminal: Terminal, done: (code: ExitCode) => void): Runner {
  return {
    action:
      (formats, load, collect) =>
      async (...given) => {
        const command = given.at(-1) as Command;
        const options = command.optsWithGlobals<CommonOptions & Record<string, unknown>>();
        const format = chooseFormat(options, formats);
        const output = createOutput({
          stdout: terminal.stdout,
          stderr: terminal.stderr,
          env: terminal.env,
          format,
          quiet: options.quiet === true,
          colour: options.color,
        });
        const context: CommandContext = {
          output,
          env: terminal.env,
          cwd: terminal.cwd,
          stdin: terminal.stdin,
          signal: terminal.signal,
          confirm: (question) => {
            output.settle();
            return ask(terminal, question, options.input);
          },
        };
        const handlerOptions = collect({ args: command.processedArgs.flat().filter((value) => typeof value === 'string'), options });
        try {
          output.redraw(`· ${command.name()} …`);
          const handler = await load();
          done(await handler(context, handlerOptions));
        } finally {
          output.settle();
        }
      },
  };
}

async function ask(terminal: Terminal, question: string, input: boolean): Promise<boolean | undefined> {
  if (!input || terminal.stdin?.isTTY !== true || terminal.stderr.isTTY !== true) return undefined;
  const reader = createInterface({ input: terminal.stdin, output: terminal.stderr });
  try {
    const answer = await reader.question(`${question} [y/N] `, { signal: terminal.signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}
