import type { Command } from 'commander';
import { addressSchemes, textOption, urlOption } from './option-values.ts';
import type { TargetAddresses } from './target.ts';

/** Declares the flags of every command that looks at a system which may be elsewhere. */
export function withTarget(command: Command): Command {
  return command
    .option('--target <name>', 'a named target of sanctum-ops.config.json')
    .option('--database-url <url>', 'the PostgreSQL to look at (read only)')
    .option('--redis-url <url>', 'the Redis to look at (read only)')
    .option('--url <url>', "the platform's address");
}

/** Declares the flags of a command that works on one database, which may be elsewhere. */
export function withDatabase(use: 'look at (read only)' | 'ask about tables (read only)' | 'change', command: Command): Command {
  return command
    .option('--target <name>', 'a named target of sanctum-ops.config.json')
    .option('--database-url <url>', `the PostgreSQL to ${use}`);
}

export interface TargetOptions extends TargetAddresses {
  readonly target?: string | undefined;
}

/** @throws CliError (exit 2) for an address that is none. */
export function targetOptions(options: Readonly<Record<string, unknown>>): TargetOptions {
  return {
    target: textOption(options, 'target'),
    databaseUrl: urlOption(options, 'databaseUrl', '--database-url', addressSchemes.databaseUrl),
    redisUrl: urlOption(options, 'redisUrl', '--redis-url', addressSchemes.redisUrl),
    url: urlOption(options, 'url', '--url', addressSchemes.url),
  };
}
