import type { Finding } from './check.ts';
import type { Area, Need, Severity, Verdict } from './words.ts';

/**
 * `pass` looked and found nothing that is not waived · `fail` found something ·
 * `error` could not look · `skipped` a need is not configured.
 */
export type Outcome = 'pass' | 'fail' | 'error' | 'skipped';

export interface AppliedWaiver {
  readonly owner: string;
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day on which it holds. */
  readonly expires: string;
}

export interface ReviewedFinding extends Finding {
  readonly severity: Severity;
  readonly waived: boolean;
  readonly waiver?: AppliedWaiver;
}

export interface CheckReport {
  readonly id: string;
  readonly title: string;
  readonly area: Area;
  readonly severity: Severity;
  readonly needs: readonly Need[];
  readonly requirements: readonly string[];
  readonly required: boolean;
  readonly outcome: Outcome;
  readonly examined: number;
  readonly durationMs: number;
  readonly findings: readonly ReviewedFinding[];
  /** Set when the outcome is `error`: why it could not look, and what to do about it. */
  readonly error?: { readonly message: string; readonly fix: string };
  /** Set when the check does not apply to what it met: then skipping it leaves the verdict alone. */
  readonly doesNotApply?: boolean;
  /** Set when the outcome is `skipped`: the need that is not configured, or why it does not apply. */
  readonly reason?: string;
}

export interface Summary {
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly waived: number;
  readonly errors: number;
  readonly skipped: number;
}

export interface Review {
  /** What was looked at, per need, without credentials. */
  readonly target: Readonly<Record<Need, string>>;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly verdict: Verdict;
  /** One sentence: what decided the verdict. */
  readonly because: string;
  readonly summary: Summary;
  readonly checks: readonly CheckReport[];
}
