import { exitCodes } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';

/** An error that the reader of the terminal can act on: `fix` says what to type or change. */
export class CliError extends Error {
  readonly code: string;
  readonly fix: string;
  readonly exitCode: ExitCode;

  constructor(code: string, message: string, details: { fix: string; exitCode: ExitCode; cause?: unknown }) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'CliError';
    this.code = code;
    this.fix = details.fix;
    this.exitCode = details.exitCode;
  }
}

/** Wrong usage or configuration: exit code 2, nothing was changed. */
export function usageError(message: string, fix: string): CliError {
  return new CliError('USAGE', message, { fix, exitCode: exitCodes.usage });
}
