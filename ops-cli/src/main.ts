import { CommanderError } from 'commander';
import { CliError } from './cli-error.ts';
import type { Terminal } from './context.ts';
import { createRunner } from './declare.ts';
import { exitCodes } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { createProgram } from './program.ts';

/** Runs one command line (without node and script name) and gives its exit code. Never throws. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.fine;
  const runner = createRunner(terminal, (result) => (code = result));
  const program = createProgram(runner, terminal);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return report(error, argv, terminal);
  }
}

function report(error: unknown, argv: readonly string[], terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : commanderProblem(error, argv, terminal);
  if (terminal.signal.aborted) {
    terminal.stderr.write('interrupted\n');
    return exitCodes.interrupted;
  }
  const problem = describe(error);
  if (argv.includes('--json') || argv.join(' ').includes('--format json') || argv.includes('--format=json')) {
    const { code, message, fix } = problem;
    terminal.stdout.write(`${JSON.stringify({ schema: 'sanctum.error/1', error: { code, message, fix } }, null, 2)}\n`);
  }
  terminal.stderr.write(`error: ${problem.message}\n`);
  for (const line of problem.logTail) terminal.stderr.write(`  | ${line}\n`);
  terminal.stderr.write(`fix: ${problem.fix}\n`);
  if (problem.exitCode === exitCodes.internal && error instanceof Error) terminal.stderr.write(`${error.stack ?? ''}\n`);
  return problem.exitCode;
}

// Commander has printed its message already, did-you-mean included.
function commanderProblem(error: CommanderError, argv: readonly string[], terminal: Terminal): ExitCode {
  const words = argv.filter((word) => /^[a-z]+$/.test(word)).slice(0, 1);
  const isCommandKnown = error.code !== 'commander.unknownCommand';
  const command = ['npx sanctum-ops', ...(isCommandKnown ? words : []), '--help'].join(' ');
  if (error.code !== 'commander.help') terminal.stderr.write(`fix: see what there is with: ${command}\n`);
  return exitCodes.usage;
}

type Problem = { code: string; message: string; fix: string; exitCode: ExitCode; logTail: readonly string[] };

function describe(error: unknown): Problem {
  if (error instanceof CliError) return { code: error.code, message: error.message, fix: error.fix, exitCode: error.exitCode, logTail: [] };
  if (isExplained(error)) {
    // Some errors repeat their fix at the end of the message, for logs.
    const message = error.message.replace(` Fix: ${error.fix}`, '');
    return { code: error.code, message, fix: error.fix, exitCode: exitCodes.findings, logTail: error.logTail ?? [] };
  }
  if (isDiskFull(error)) {
    return {
      code: 'DISK_FULL',
      message: `a disk is full: ${error.message}`,
      fix: 'make room (df -h names the disk), then run it again; npx sanctum-ops doctor looks closer',
      exitCode: exitCodes.findings,
      logTail: [],
    };
  }
  return {
    code: 'INTERNAL',
    message: error instanceof Error ? error.message : String(error),
    fix: 'this is a fault of sanctum-ops itself: please report it with the lines below',
    exitCode: exitCodes.internal,
    logTail: [],
  };
}

function isDiskFull(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

// Errors of the packages below carry their code and fix, too; asking for the shape keeps this file
// from loading them.
function isExplained(error: unknown): error is Error & { code: string; fix: string; logTail?: readonly string[] } {
  return error instanceof Error && 'fix' in error && typeof error.fix === 'string' && 'code' in error && typeof error.code === 'string';
}
