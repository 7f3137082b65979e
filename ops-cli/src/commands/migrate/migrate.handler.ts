import { resolve } from 'node:path';
import { applyMigrations } from '@sanctum/migrations/apply';
import type { ApplyEvent } from '@sanctum/migrations/apply';
import { downMigration } from '@sanctum/migrations/down';
import { planMigrations } from '@sanctum/migrations/plan';
import { resolveMigration } from '@sanctum/migrations/resolve';
import { migrationStatus } from '@sanctum/migrations/status';
import { verifyFiles, verifyMigrations } from '@sanctum/migrations/verify';
import type { VerifyFinding } from '@sanctum/migrations/verify';
import type { TargetOptions } from '../../common-options.ts';
import type { Handler } from '../../context.ts';
import { consent, databaseTarget } from '../../database-target.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { renderApplied, renderFindings, renderPlan, renderProgress, renderStatus } from './migrate.screen.ts';

export const migrationStatusCommand: Handler<TargetOptions> = async (context, options) => {
  const { output } = context;
  const result = await migrationStatus({ database: databaseTarget(context, options).url });
  if (output.isJson) output.json('sanctum.migrate-status/1', result);
  else output.data(renderStatus(result, output.paint));
  return exitCodeOfFindings(result.findings);
};

export const verifyCommand: Handler<TargetOptions & { filesOnly: boolean; dir: string | undefined }> = async (context, options) => {
  const { output, cwd } = context;
  const place = options.dir === undefined ? {} : { dir: resolve(cwd, options.dir), foreign: true };
  // A folder from elsewhere belongs to no database of ours unless one is named.
  const filesOnly = options.filesOnly || (options.dir !== undefined && options.databaseUrl === undefined && options.target === undefined);
  const result = filesOnly
    ? await verifyFilesAlone(place)
    : await verifyMigrations({ ...place, database: databaseTarget(context, options).url });
  if (output.isJson) output.json('sanctum.migrate-verify/1', result);
  else output.data(renderFindings(result, output.paint));
  return exitCodeOfFindings(result.findings);
};

async function verifyFilesAlone({ dir, foreign }: { dir?: string; foreign?: boolean }) {
  const { findings, examined, codeHead } = await verifyFiles(dir, { foreign: foreign === true });
  return {
    findings,
    blocking: findings.some((finding) => finding.blocking),
    examined: { ...examined, journal: null },
    pending: null,
    newer: null,
    codeHead,
    head: null,
  };
}

export const planCommand: Handler<TargetOptions> = async (context, options) => {
  const { output } = context;
  const plan = await planMigrations({ database: databaseTarget(context, options).url });
  if (output.isJson) output.json('sanctum.migrate-plan/1', plan);
  else output.data(renderPlan(plan, output.paint));
  return exitCodeOfFindings(plan.blocking);
};

export const upCommand: Handler<
  TargetOptions & { dryRun: boolean; until: number | undefined; breakInstances: boolean; yes: boolean }
> = async (context, options) => {
  const { output, signal } = context;
  const database = databaseTarget(context, options);
  if (!options.dryRun && !database.isLocal) await consent(context, options.yes, `Apply the pending migrations to ${database.label}?`);
  const result = await applyMigrations({
    database: database.url,
    dryRun: options.dryRun,
    ...(options.until === undefined ? {} : { until: options.until }),
    breakInstances: options.breakInstances,
    signal,
    onProgress: (event: ApplyEvent) => output.progress(renderProgress(event, output.paintProgress)),
  });
  if (output.isJson) output.json('sanctum.migrate-up/1', result);
  else output.data(renderApplied(result, output.paint));
  return exitCodes.fine;
};

export const resolveCommand: Handler<
  TargetOptions & { number: number; as: 'applied' | 'not-applied'; dryRun: boolean; yes: boolean }
> = async (context, options) => {
  const { output } = context;
  const database = databaseTarget(context, options);
  const { dryRun } = options;
  if (!dryRun) await consent(context, options.yes, `Record migration ${options.number} as ${options.as} in ${database.label}?`);
  const result = await resolveMigration({ database: database.url, number: options.number, as: options.as, dryRun });
  if (output.isJson) output.json('sanctum.migrate-resolve/1', { ...result, as: options.as, dryRun });
  else output.data(`${result.name} ${dryRun ? 'would be' : 'is'} recorded as ${options.as}`);
  return exitCodes.fine;
};

export const downCommand: Handler<TargetOptions & { number: number; dryRun: boolean; yes: boolean }> = async (context, options) => {
  const { output } = context;
  const database = databaseTarget(context, options);
  const { dryRun } = options;
  if (!dryRun) await consent(context, options.yes, `Undo migration ${options.number} in ${database.label}? Data of what it made is lost.`);
  const result = await downMigration({ database: database.url, number: options.number, dryRun });
  if (output.isJson) output.json('sanctum.migrate-down/1', { ...result, dryRun });
  else output.data(dryRun ? `${result.name} would be undone` : `${result.name} is undone (${result.durationMs} ms)`);
  return exitCodes.fine;
};

/** 1 for a finding, 3 when the only findings say that nothing could be looked at. */
export function exitCodeOfFindings(findings: readonly VerifyFinding[]): ExitCode {
  if (findings.length === 0) return exitCodes.fine;
  return findings.every((finding) => finding.kind === 'could-not-look') ? exitCodes.inconclusive : exitCodes.findings;
}
