import { lintMigrations } from '@sanctum/migrations/lint';
import { newMigration } from '@sanctum/migrations/new';
import { signMigrations } from '@sanctum/migrations/sign';
import type { TargetOptions } from '../../common-options.ts';
import type { Handler } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { resolveTarget } from '../../target.ts';
import { renderLint, renderSigned } from './migrate.screen.ts';

export const newCommand: Handler<{ name: string; dryRun: boolean }> = async ({ output }, { name, dryRun }) => {
  const result = await newMigration({ name, dryRun });
  if (output.isJson) output.json('sanctum.migrate-new/1', { ...result, dryRun });
  else output.data(`${dryRun ? 'would create' : 'created'} ${result.path}\nnext: ${result.next}`);
  return exitCodes.fine;
};

export const signCommand: Handler<TargetOptions & { cosmetic: boolean; dryRun: boolean }> = async ({ output, env, cwd }, options) => {
  const { databaseUrl } = resolveTarget(options, env, cwd);
  const result = await signMigrations({
    cosmetic: options.cosmetic,
    dryRun: options.dryRun,
    databases: databaseUrl === undefined ? [] : [databaseUrl],
  });
  if (output.isJson) output.json('sanctum.migrate-sign/1', result);
  else output.data(renderSigned(result));
  return exitCodes.fine;
};

export const lintCommand: Handler<{ files: readonly string[] }> = async ({ output }, { files }) => {
  const result = await lintMigrations(files.length === 0 ? {} : { files });
  if (output.isJson) output.json('sanctum.migrate-lint/1', result);
  else output.data(renderLint(result, output.paint));
  if (result.findings.length > 0) return exitCodes.findings;
  return result.notLooked.length > 0 || result.examined.files === 0 ? exitCodes.inconclusive : exitCodes.fine;
};
