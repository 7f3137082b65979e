import { exitCodeOf, isReached } from '@sanctum/audits/verdict';
import type { Severity } from '@sanctum/audits/words';
import type { TargetOptions } from '../../common-options.ts';
import type { Handler } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { reviewTarget } from '../../review.ts';
import type { Review } from '../../review.ts';
import { resolveTarget } from '../../target.ts';
import type { Target } from '../../target.ts';
import { renderCheckProgress, renderReview } from './review.screen.ts';

export interface ReviewOptions extends TargetOptions {
  readonly quick: boolean;
  readonly strict: boolean;
  readonly verbose: boolean;
  readonly failOn: Severity | undefined;
}

/** Reviews the whole system and prints the report on stdout. */
export const review: Handler<ReviewOptions> = async ({ output, env, cwd, signal }, options) => {
  const target = resolveTarget(options, env, cwd);
  output.progress(output.paintProgress.dim(targetLine(target)));
  const result = await reviewTarget(target, {
    quick: options.quick,
    signal,
    onReport: (report, done, total) => output.redraw(renderCheckProgress(report, done, total)),
  });
  signal.throwIfAborted();
  output.data(await renderReview(result, output, { verbose: options.verbose }));
  return reviewExitCode(result, options);
};

function targetLine({ source }: Target): string {
  return source === 'nowhere' ? 'target: this checkout alone; nothing runs here and no address was given' : `target: ${source}`;
}

/** The verdict's code, made stricter by --strict and --fail-on. */
export function reviewExitCode(reviewed: Review, options: { strict: boolean; failOn: Severity | undefined }): ExitCode {
  const code = exitCodeOf(reviewed.verdict, { strict: options.strict });
  if (options.failOn === undefined) return code;
  return isReached(reviewed.checks, options.failOn)
    ? exitCodes.findings
    : code === exitCodes.findings && reviewed.verdict !== 'NO_GO'
      ? exitCodes.fine
      : code;
}
