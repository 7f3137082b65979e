import { printableJson } from '@sanctum/migrations/printable';
import type { Review } from '../review.ts';
import { printableReview } from './printable-review.ts';

export const reviewSchema = 'sanctum.review/1';

/** The machine-readable review, plain data: the document that `--json` prints. */
export function reviewDocument(shown: Review) {
  const review = printableReview(shown);
  return {
    schema: reviewSchema,
    target: review.target,
    startedAt: review.startedAt,
    durationMs: review.durationMs,
    verdict: review.verdict,
    because: review.because,
    summary: review.summary,
    checks: review.checks.map((check) => ({
      id: check.id,
      title: check.title,
      area: check.area,
      severity: check.severity,
      requirements: check.requirements,
      required: check.required,
      outcome: check.outcome,
      examined: check.examined,
      durationMs: check.durationMs,
      error: check.error ?? null,
      reason: check.reason ?? null,
      findings: check.findings.map((finding) => ({
        subject: finding.subject,
        severity: finding.severity,
        detail: finding.detail,
        location: finding.location ?? null,
        risk: finding.risk,
        impact: finding.impact,
        fix: finding.fix,
        fingerprint: finding.fingerprint,
        waived: finding.waived,
        waiver: finding.waiver ?? null,
      })),
    })),
  };
}

/** `reviewDocument` as indented text with a final newline. */
export function renderJson(review: Review): string {
  return `${printableJson(reviewDocument(review))}\n`;
}
