import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { CliError } from './cli-error.ts';
import type { Terminal } from './context.ts';
import { createRunner } from './declare.ts';
import { exitCodes } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { printableOnTerminal } from './output.ts';
import { createProgram } from './program.ts';

/** Runs one command line (without node and script name) and gives its exit code. Never throws. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.fine;
  const runner = createRunner(terminal, (result) => (code = result));
  const program = createProgram(runner, terminal);
  const words = argv[0] === 'help' ? helpOf(argv.slice(1), program) : [...argv];
  try {
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && isHelp(error)) return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
    if (terminal.signal.aborted) {
      terminal.stderr.write('interrupted\n');
      return exitCodes.interrupted;
    }
    const problem = error instanceof CommanderError ? wrongUsage(error, words, program) : describe(error);
    report(problem, argv, terminal);
    if (problem.exitCode === exitCodes.internal && error instanceof Error) terminal.stderr.write(`${error.stack ?? ''}\n`);
    return problem.exitCode;
  }
}

// Commander's own "help" knows one level of commands and says nothing about an unknown one. A group followed by a
// word that it does not know runs nothing: commander names the word.
function helpOf(given: readonly string[], program: Command): string[] {
  const known: string[] = [];
  let at = program;
  for (const word of given.filter((one) => !one.startsWith('-'))) {
    const next = at.commands.find((command) => command.name() === word);
    if (next === undefined) return at.commands.length === 0 ? [...known, '--help'] : [...known, word];
    known.push(word);
    at = next;
  }
  return [...known, '--help'];
}

function isHelp({ code }: CommanderError): boolean {
  return ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(code);
}

function report(problem: Problem, argv: readonly string[], terminal: Terminal): void {
  if (argv.includes('--json') || argv.join(' ').includes('--format json') || argv.includes('--format=json')) {
    const { code, message, fix } = problem;
    terminal.stdout.write(`${JSON.stringify({ schema: 'sanctum.error/1', error: { code, message, fix } }, null, 2)}\n`);
  }
  terminal.stderr.write(`error: ${printableOnTerminal(problem.message, false)}\n`);
  for (const line of problem.logTail) terminal.stderr.write(`  | ${printableOnTerminal(line, false)}\n`);
  terminal.stderr.write(`fix: ${printableOnTerminal(problem.fix, false)}\n`);
  if (problem.closer !== undefined) terminal.stderr.write(`look closer: ${problem.closer}\n`);
}

function wrongUsage(error: CommanderError, words: readonly string[], program: Command): Problem {
  const command = ['npx sanctum-ops', ...knownCommands(words, program), '--help'].join(' ');
  return {
    code: 'USAGE',
    message: error.message.replace(/^error: /, '').replace(/\n\(/, ' ('),
    fix: `see what there is with: ${command}`,
    exitCode: exitCodes.usage,
    logTail: [],
  };
}

/** The command that the words name, as deep as they are known: `migrate up` of `--json migrate up --jsn`. */
function knownCommands(words: readonly string[], program: Command): string[] {
  const found: string[] = [];
  let at = program;
  for (const word of words) {
    const next = at.commands.find((command) => command.name() === word);
    if (next === undefined) continue;
    found.push(word);
    at = next;
  }
  return found;
}

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly exitCode: ExitCode;
  readonly logTail: readonly string[];
  /** What to type to see more than the message says. */
  readonly closer?: string;
}

function describe(error: unknown): Problem {
  if (error instanceof CliError) return { code: error.code, message: error.message, fix: error.fix, exitCode: error.exitCode, logTail: [] };
  if (isExplained(error)) {
    // Some errors repeat their fix at the end of the message, for logs.
    const message = error.message.replace(` Fix: ${error.fix}`, '');
    const exitCode = exitCodeOfCode[error.code] ?? exitCodes.findings;
    const closer = 'step' in error ? { closer: 'npx sanctum-ops doctor' } : {};
    return { code: error.code, message, fix: error.fix, exitCode, logTail: error.logTail ?? [], ...closer };
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

/** Errors of the packages below that are no finding: nothing could be looked at, or the request made no sense. */
const exitCodeOfCode: Readonly<Record<string, ExitCode>> = {
  DATABASE_UNREACHABLE: exitCodes.inconclusive,
  MIGRATION_NAME_INVALID: exitCodes.usage,
};

function isDiskFull(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

// Errors of the packages below carry their code and fix, too; asking for the shape keeps this file
// from loading them.
function isExplained(error: unknown): error is Error & { code: string; fix: string; logTail?: readonly string[] } {
  return error instanceof Error && 'fix' in error && typeof error.fix === 'string' && 'code' in error && typeof error.code === 'string';
}
