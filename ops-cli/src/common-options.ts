import type { Command } from 'commander';
import { textOption, urlOption } from './option-values.ts';
import type { TargetAddresses } from './target.ts';

/** Declares the flags of every command that looks at a system which may be elsewhere. */
export function withTarget(command: Command): Command {
  return command
    .option('--target <name>', 'a named target of sanctum-ops.config.json')
    .option('--database-url <url>', 'the PostgreSQL to look at (read only)')
    .option('--redis-url <url>', 'the Redis to look at (read only)')
    .option('--url <url>', "the platform's address");
}

export type TargetOptions = TargetAddresses & { readonly target?: string | undefined };

/** @throws CliError (exit 2) for an address that is none. */
export function targetOptions(options: Readonly<Record<string, unknown>>): TargetOptions {
  return {
    target: textOption(options, 'target'),
    databaseUrl: urlOption(options, 'databaseUrl', '--database-url', ['postgres', 'postgresql']),
    redisUrl: urlOption(options, 'redisUrl', '--redis-url', ['redis', 'rediss']),
    url: urlOption(options, 'url', '--url', ['http', 'https']),
  };
}
