import pc from 'picocolors';
import { pageOf, severities } from '../check.ts';
import type { Severity } from '../check.ts';
import type { CheckReport, Review, ReviewedFinding, Verdict } from '../review.ts';
import { verdictLabel } from '../verdict.ts';

export interface TextOptions {
  readonly color?: boolean;
  /** Also lists the checks that passed. */
  readonly verbose?: boolean;
}

type Paint = ReturnType<typeof pc.createColors>;

/** The review for a terminal: findings worst first, what could not be looked at, the counts and the verdict last. */
export function renderText(review: Review, options: TextOptions = {}): string {
  const paint = pc.createColors(options.color ?? false);
  const lines: string[] = [];
  if (options.verbose) lines.push(...review.checks.filter((check) => check.outcome === 'pass').map((check) => passLine(check, paint)), '');
  for (const severity of severities) {
    for (const { check, finding } of open(review, severity)) lines.push(...findingLines(check, finding, paint), '');
  }
  for (const check of review.checks.filter((one) => one.outcome === 'error')) {
    lines.push(`${paint.magenta('COULD NOT LOOK')}  ${paint.bold(check.id)}${check.required ? '' : ' (not required)'}`);
    lines.push(...indent(check.error?.message ?? '', check.error ? `fix: ${check.error.fix}` : ''), '');
  }
  lines.push(...grouped(review, 'skipped', paint), ...waivedLines(review, paint));
  const { summary } = review;
  const looked = review.checks.filter((check) => check.outcome === 'pass' || check.outcome === 'fail');
  lines.push(
    `${looked.length} of ${review.checks.length} checks looked at ${total(looked)} things in ${(review.durationMs / 1000).toFixed(1)} s: ` +
      `${severities.map((severity) => `${summary[severity]} ${severity}`).join(', ')}` +
      `${summary.waived > 0 ? `, ${summary.waived} waived` : ''}, ${summary.errors} could not look, ${summary.skipped} skipped`,
    `${verdictPaint(review.verdict, paint)(` ${verdictLabel(review.verdict)} `)} ${review.because}`,
  );
  return `${lines.join('\n')}\n`;
}

/** One line per check that ended, for progress while a review runs. */
export function renderProgress(check: CheckReport, done: number, count: number, options: TextOptions = {}): string {
  const paint = pc.createColors(options.color ?? false);
  const outcomes = {
    pass: paint.green('pass'),
    fail: paint.red('fail'),
    error: paint.magenta('could not look'),
    skipped: paint.dim('skipped'),
  };
  return `[${String(done).padStart(String(count).length)}/${count}] ${outcomes[check.outcome]} ${check.id} ${paint.dim(`${check.examined} examined, ${check.durationMs} ms`)}`;
}

function findingLines(check: CheckReport, finding: ReviewedFinding, paint: Paint): string[] {
  return [
    `${severityPaint(finding.severity, paint)(finding.severity.toUpperCase())}  ${paint.bold(finding.subject)}  ${paint.dim(check.id)}`,
    ...indent(
      finding.detail,
      finding.location === undefined ? '' : `at:     ${finding.location}`,
      `risk:   ${finding.risk}`,
      `impact: ${finding.impact}`,
      `fix:    ${finding.fix}`,
      paint.dim(`page:   ${pageOf(check.id)}  fingerprint ${finding.fingerprint}`),
    ),
  ];
}

function grouped(review: Review, outcome: 'skipped', paint: Paint): string[] {
  const byReason = Map.groupBy(
    review.checks.filter((check) => check.outcome === outcome),
    (check) => check.reason ?? '',
  );
  return [...byReason].flatMap(([reason, checks]) => [
    `${paint.dim('SKIPPED')}  ${reason}`,
    ...indent(checks.map((check) => check.id).join(', ')),
    '',
  ]);
}

function waivedLines(review: Review, paint: Paint): string[] {
  return review.checks.flatMap((check) =>
    check.findings
      .filter((finding) => finding.waived)
      .flatMap((finding) => [
        `${paint.dim('WAIVED')}  ${finding.subject}  ${paint.dim(check.id)} (${finding.severity})`,
        ...indent(`until ${finding.waiver?.expires} by ${finding.waiver?.owner}: ${finding.waiver?.reason}`),
        '',
      ]),
  );
}

function passLine(check: CheckReport, paint: Paint): string {
  return `${paint.green('pass')}  ${check.id}  ${paint.dim(`${check.examined} examined`)}`;
}

function open(review: Review, severity: Severity) {
  return review.checks.flatMap((check) =>
    check.findings.filter((finding) => !finding.waived && finding.severity === severity).map((finding) => ({ check, finding })),
  );
}

function indent(...parts: string[]): string[] {
  return parts.filter((part) => part !== '').flatMap((part) => part.split('\n').map((line) => `  ${line}`));
}

function total(checks: readonly CheckReport[]): number {
  return checks.reduce((sum, check) => sum + check.examined, 0);
}

function severityPaint(severity: Severity, paint: Paint) {
  return { critical: paint.red, high: paint.red, medium: paint.yellow, low: paint.cyan }[severity];
}

function verdictPaint(verdict: Verdict, paint: Paint) {
  const ground = { GO: paint.bgGreen, CONDITIONAL_GO: paint.bgYellow, NO_GO: paint.bgRed, INCONCLUSIVE: paint.bgMagenta }[verdict];
  return (text: string) => ground(paint.bold(text));
}
