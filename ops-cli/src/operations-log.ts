/** Who changed what by a command: one line per change, kept beside the stack's logs and shown. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { CliError } from './cli-error.ts';
import type { CommandContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { stackHome } from './stack/home.ts';

export interface Operation {
  /** As typed: `jobs retry`. */
  readonly command: string;
  /** `host:port/database`. */
  readonly target: string;
  /** What it was about; ids, never contents. */
  readonly subjects: readonly string[];
}

const modePrivate = 0o600;

/** Written before the change. @throws CliError (exit 3) when it cannot be kept: then nothing was changed. */
export function recordOperation({ env, output }: Pick<CommandContext, 'env' | 'output'>, operation: Operation): void {
  const file = stackHome(env).operationsLog;
  const line = JSON.stringify({ at: new Date().toISOString(), by: userInfo().username, ...operation });
  try {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, `${line}\n`, { mode: modePrivate });
  } catch (cause) {
    throw new CliError('OPERATION_NOT_RECORDED', `nothing was changed: the change could not be recorded in ${file}`, {
      fix: 'make the folder writable, or choose another one with SANCTUM_HOME',
      exitCode: exitCodes.inconclusive,
      cause,
    });
  }
  output.progress(`recorded in ${file}: ${line}`);
}
