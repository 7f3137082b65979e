import { severities } from './check.ts';
import type { Check, Finding, Severity } from './check.ts';

/** What one finding weighs: its own severity, else its check's. */
export function severityOf(check: Pick<Check, 'severity'>, finding: Finding): Severity {
  return finding.severity ?? check.severity;
}

/** For sorting, worst first. */
export function bySeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b);
}
