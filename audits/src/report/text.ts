import pc from 'picocolors';
import type { CheckReport, Review, ReviewedFinding } from '../review.ts';
import { pageOf, severities, verdictLabel } from '../words.ts';
import type { Severity, Verdict } from '../words.ts';
import { printableReview } from './printable-review.ts';

export interface TextOptions {
  readonly color?: boolean;
  /** Also lists the checks that passed. */
  readonly verbose?: boolean;
  /** Prose is wrapped at this many characters; what is to be pasted never is. Undefined: nothing is wrapped. */
  readonly columns?: number | undefined;
}

type Paint = ReturnType<typeof pc.createColors>;

/** The review for a terminal: findings worst first, what could not be looked at, the counts and the verdict last. */
export function renderText(shown: Review, options: TextOptions = {}): string {
  const review = printableReview(shown);
  const paint = pc.createColors(options.color ?? false);
  const lines: string[] = [];
  if (options.verbose) lines.push(...review.checks.filter((check) => check.outcome === 'pass').map((check) => passLine(check, paint)), '');
  for (const severity of severities) {
    for (const { check, finding } of open(review, severity)) lines.push(...findingLines(check, finding, paint, options.columns), '');
  }
  lines.push(...blindLines(review, paint, options.columns), ...skippedLines(review, paint, options.columns), ...waivedLines(review, paint));
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

function findingLines(check: CheckReport, finding: ReviewedFinding, paint: Paint, columns: number | undefined): string[] {
  return [
    `${severityPaint(finding.severity, paint)(finding.severity.toUpperCase())}  ${paint.bold(finding.subject)}  ${paint.dim(check.id)}`,
    ...prose('', finding.detail, columns),
    ...indent(finding.location === undefined ? '' : `at:     ${finding.location}`),
    ...prose('risk:   ', finding.risk, columns),
    ...prose('impact: ', finding.impact, columns),
    ...indent(`fix:    ${finding.fix}`, paint.dim(`page:   ${pageOf(check.id)}  fingerprint ${finding.fingerprint}`)),
  ];
}

/** Checks that could not look for the same reason stand together: a stopped database is one line, not twenty. */
function blindLines(review: Review, paint: Paint, columns: number | undefined): string[] {
  const blind = review.checks.filter((check) => check.outcome === 'error');
  return [...Map.groupBy(blind, (check) => JSON.stringify(check.error)).values()].flatMap((checks) => [
    `${paint.magenta('COULD NOT LOOK')}  ${checks[0]?.error?.message ?? ''}`,
    ...indent(`fix: ${checks[0]?.error?.fix ?? ''}`),
    ...prose('', checks.map((check) => `${check.id}${check.required ? '' : ' (not required)'}`).join(', '), columns),
    '',
  ]);
}

function skippedLines(review: Review, paint: Paint, columns: number | undefined): string[] {
  const skipped = review.checks.filter((check) => check.outcome === 'skipped');
  return [...Map.groupBy(skipped, (check) => check.reason ?? '')].flatMap(([reason, checks]) => [
    `${paint.dim('SKIPPED')}  ${reason}`,
    ...prose('', checks.map((check) => check.id).join(', '), columns),
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

const columnsMin = 40;

/** Indented text behind a label, broken between words so that a narrow terminal does not break it inside them. */
function prose(label: string, text: string, columns: number | undefined): string[] {
  if (columns === undefined) return indent(`${label}${text}`);
  const width = Math.max(columnsMin, columns) - 2 - label.length;
  const lines = text.split('\n').flatMap((paragraph) => {
    const rows = [''];
    for (const word of paragraph.split(' ')) {
      const row = rows.at(-1) ?? '';
      if (row === '') rows[rows.length - 1] = word;
      else if (row.length + 1 + word.length <= width) rows[rows.length - 1] = `${row} ${word}`;
      else rows.push(word);
    }
    return rows;
  });
  return lines.map((line, at) => `  ${at === 0 ? label : ' '.repeat(label.length)}${line}`);
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
