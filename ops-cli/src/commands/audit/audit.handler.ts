import { loadChecks, UnknownSelection } from '@sanctum/audits/registry';
import { couldNotLook, isReached } from '@sanctum/audits/verdict';
import type { Need, Severity } from '@sanctum/audits/words';
import { usageError } from '../../cli-error.ts';
import { unknownCheck } from '../../unknown-check.ts';
import type { TargetOptions } from '../../common-options.ts';
import type { Handler } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { reviewTarget } from '../../review.ts';
import type { Review } from '../../review.ts';
import { resolveTarget } from '../../target.ts';
import { renderCheckProgress, renderReview } from './audit.screen.ts';

export interface AuditOptions extends TargetOptions {
  readonly selection: readonly string[];
  readonly needs: Need | undefined;
  readonly failOn: Severity;
  readonly verbose: boolean;
}

/** Runs some checks. Exit code 1 for a finding from --fail-on on, 3 when a check could not look. */
export const audit: Handler<AuditOptions> = async ({ output, env, cwd, signal }, options) => {
  const target = resolveTarget(options, env, cwd);
  try {
    const review = await reviewTarget(target, {
      ...(await selectionOf(options)),
      signal,
      onReport: (report, done, total) => output.redraw(renderCheckProgress(report, done, total)),
    });
    signal.throwIfAborted();
    output.data(await renderReview(review, output, { verbose: options.verbose }));
    return auditExitCode(review, options.failOn);
  } catch (error) {
    throw error instanceof UnknownSelection ? unknownCheck(error) : error;
  }
};

async function selectionOf({ selection, needs }: AuditOptions): Promise<{ ids?: string[]; groups?: string[] }> {
  const ids = selection.filter((word) => word.includes('/'));
  const groups = selection.filter((word) => !word.includes('/'));
  if (needs === undefined) return { ids, groups };
  const candidates = await loadChecks({ ids, groups });
  const fitting = candidates.filter((check) => check.needs.every((need) => need === needs)).map((check) => check.id);
  if (fitting.length === 0)
    throw usageError(`none of the named checks needs only ${needs}`, 'see what each one needs: npx sanctum-ops checks list');
  return { ids: fitting };
}

/** 1 wins over 3, 3 wins over 0. */
export function auditExitCode(review: Review, failOn: Severity): ExitCode {
  if (isReached(review.checks, failOn)) return exitCodes.findings;
  const hasLooked = review.checks.some((check) => check.outcome === 'pass' || check.outcome === 'fail');
  return review.checks.some(couldNotLook) || !hasLooked ? exitCodes.inconclusive : exitCodes.fine;
}
