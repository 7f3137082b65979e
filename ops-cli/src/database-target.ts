/** What every command needs that works on one database: which one, and leave to change it. */
import { CliError, usageError } from './cli-error.ts';
import type { TargetOptions } from './common-options.ts';
import type { CommandContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { resolveTarget } from './target.ts';

export interface DatabaseTarget {
  readonly url: string;
  /** `host:port/database`: never the user or the password. */
  readonly label: string;
  readonly isLocal: boolean;
}

/** @throws CliError (exit 2) when nobody named a database and no local stack runs. */
export function databaseTarget({ env, cwd }: CommandContext, options: TargetOptions): DatabaseTarget {
  const target = resolveTarget(options, env, cwd);
  if (target.databaseUrl === undefined) {
    throw usageError(
      'there is no database to look at',
      'start the local stack (npx sanctum-ops up), or give one: --database-url postgres://…',
    );
  }
  const url = new URL(target.databaseUrl);
  return { url: target.databaseUrl, label: `${url.host}${url.pathname}`, isLocal: target.source === 'local stack' };
}

/** Asks before something is changed. @throws CliError when the answer is no (exit 1), or nobody can be asked (exit 2). */
export async function consent(context: CommandContext, yes: boolean, question: string): Promise<void> {
  if (yes) return;
  const answer = await context.confirm(question);
  if (answer === true) return;
  if (answer === false)
    throw new CliError('DECLINED', 'nothing was changed', { fix: 'run it again when you are sure', exitCode: exitCodes.findings });
  throw usageError('this changes a database and nobody can be asked here; nothing was changed', 'add --yes');
}
