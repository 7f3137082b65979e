import { lstatSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { migrationsDir } from '@sanctum/migrations/files';
import { lintMigrations } from '@sanctum/migrations/lint';
import type { SchemaSource } from '@sanctum/migrations/lint';
import { newMigration } from '@sanctum/migrations/new';
import { signMigrations } from '@sanctum/migrations/sign';
import { usageError } from '../../cli-error.ts';
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

export const signCommand: Handler<TargetOptions & { cosmetic: boolean; dryRun: boolean; dir: string | undefined }> = async (
  { output, env, cwd },
  options,
) => {
  const { databaseUrl } = resolveTarget(options, env, cwd);
  const result = await signMigrations({
    ...(options.dir === undefined ? {} : { dir: resolve(cwd, options.dir), foreign: true }),
    cosmetic: options.cosmetic,
    dryRun: options.dryRun,
    databases: databaseUrl === undefined ? [] : [databaseUrl],
  });
  if (output.isJson) output.json('sanctum.migrate-sign/1', result);
  else output.data(renderSigned(result));
  return exitCodes.fine;
};

interface LintOptions extends TargetOptions {
  paths: readonly string[];
  dir: string | undefined;
  schema: string | undefined;
}

export const lintCommand: Handler<LintOptions> = async ({ output, env, cwd }, options) => {
  const chosen = chooseFiles(options, cwd);
  const result = await lintMigrations({ ...chosen, ...schemaOf(options, env, cwd) });
  if (output.isJson) output.json('sanctum.migrate-lint/1', result);
  else output.data(renderLint(result, output.paint));
  if (result.findings.length > 0) return exitCodes.findings;
  return result.notLooked.length > 0 || result.examined.files === 0 ? exitCodes.inconclusive : exitCodes.fine;
};

/** A database is asked only when it is named: what a file is worth must not depend on which stack happens to run. */
function schemaOf(options: LintOptions, env: NodeJS.ProcessEnv, cwd: string): { schema?: SchemaSource } {
  if (options.schema !== undefined) return { schema: { dump: resolve(cwd, options.schema) } };
  if (options.databaseUrl === undefined && options.target === undefined) return {};
  const { databaseUrl } = resolveTarget(options, env, cwd);
  return databaseUrl === undefined ? {} : { schema: { database: databaseUrl } };
}

/** The folder and the names in it; every path has to lead into one folder, because a chain is read as a whole. */
function chooseFiles({ paths, dir }: LintOptions, cwd: string): { dir?: string; foreign?: boolean; files?: string[] } {
  const places = paths.map((path) => placeOf(path, dir, cwd));
  const folders = new Set([...(dir === undefined ? [] : [resolve(cwd, dir)]), ...places.flatMap((place) => place.dir ?? [])]);
  if (folders.size > 1) {
    throw usageError(`the files stand in ${folders.size} folders`, 'give the files of one folder at a time');
  }
  const [folder] = folders;
  const files = places.flatMap((place) => place.name ?? []);
  return { ...(folder === undefined ? {} : { dir: folder, foreign: true }), ...(files.length === 0 ? {} : { files }) };
}

function placeOf(path: string, dir: string | undefined, cwd: string): { dir?: string; name?: string } {
  const full = resolve(cwd, path);
  const kind = lstatSync(full, { throwIfNoEntry: false });
  if (kind?.isDirectory() === true) return { dir: basename(full) === 'sql' ? dirname(full) : full };
  if (dir !== undefined || (kind === undefined && !path.includes('/'))) return { name: basename(path) };
  const holder = dirname(full);
  const home = basename(holder) === 'sql' ? dirname(holder) : holder;
  return { ...(home === migrationsDir ? {} : { dir: home }), name: basename(path) };
}
