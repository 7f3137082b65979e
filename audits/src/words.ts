/** The words of a review, for whoever only speaks of it: a command line that loads no check. Imports nothing. */

/** Worst first: the order in which reports list findings. */
export const severities = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];

/** For sorting, worst first. */
export function bySeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b);
}

/** The order in which a review walks the system (REV-01). */
export const areas = ['security', 'critical-paths', 'failure-paths', 'resources', 'configuration', 'scale', 'tests', 'operations'] as const;
export type Area = (typeof areas)[number];

export const needs = ['database', 'redis', 'http', 'repository', 'config'] as const;
export type Need = (typeof needs)[number];

const verdictLabels = { GO: 'GO', CONDITIONAL_GO: 'CONDITIONAL GO', NO_GO: 'NO-GO', INCONCLUSIVE: 'INCONCLUSIVE' } as const;
export type Verdict = keyof typeof verdictLabels;

/** How the verdict is written for people. */
export function verdictLabel(verdict: Verdict): string {
  return verdictLabels[verdict];
}

/** How a review can be written; text first, because it is the default. */
export const reportFormats = ['text', 'json', 'markdown', 'junit', 'sarif'] as const;

/** The group of a check id: `postgres` of `postgres/invalid-index`. */
export function groupOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

/** Where the check's runbook page stands, from the repository's root. */
export function pageOf(id: string): string {
  return `runbooks/checks/${id}.md`;
}
