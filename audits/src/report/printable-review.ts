import { printable, printableLines } from '@sanctum/migrations/printable';
import type { CheckReport, Review, ReviewedFinding } from '../review.ts';

/** The review with every text as it may be shown: one line each, fixes line by line, nothing hidden and nothing that a terminal obeys. */
export function printableReview(review: Review): Review {
  return {
    ...review,
    target: mapped(review.target),
    because: printable(review.because),
    checks: review.checks.map(printableReport),
  };
}

function printableReport(report: CheckReport): CheckReport {
  return {
    ...report,
    ...(report.error === undefined ? {} : { error: { message: printable(report.error.message), fix: printableLines(report.error.fix) } }),
    ...(report.reason === undefined ? {} : { reason: printable(report.reason) }),
    findings: report.findings.map(printableFinding),
  };
}

function printableFinding(finding: ReviewedFinding): ReviewedFinding {
  const { subject, detail, location, risk, impact, fix, waiver } = finding;
  return {
    ...finding,
    ...mapped({ subject, detail, risk, impact, ...(location === undefined ? {} : { location }) }),
    fix: printableLines(fix),
    ...(waiver === undefined ? {} : { waiver: mapped(waiver) }),
  };
}

function mapped<T extends object>(texts: T): T {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, printable(String(text))])) as T;
}
