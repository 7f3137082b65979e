import type { ExitCode } from './exit-codes.ts';
import type { Output, OutputStream } from './output.ts';

/** What the process gives to the command line; tests pass their own. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream | undefined;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

/** What a handler may touch. */
export interface CommandContext {
  readonly output: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadStream | undefined;
  readonly signal: AbortSignal;
  /** Asks a yes-or-no question. Without a terminal, or with --no-input, it answers undefined. */
  confirm(question: string): Promise<boolean | undefined>;
}

/** A handler does the work of one command and says how it ended. */
export type Handler<Options> = (context: CommandContext, options: Options) => Promise<ExitCode>;

/** Options that every command has. */
export interface CommonOptions {
  readonly format?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
  readonly input: boolean;
}
