import type { CheckReport, Summary } from './review.ts';
import { bySeverity } from './words.ts';
import type { Need, Severity, Verdict } from './words.ts';

/** Needs that a complete Sanctum may lack; a check skipped for one of them leaves the verdict alone. */
const optionalNeeds: readonly Need[] = ['redis'];

export interface Judgement {
  readonly verdict: Verdict;
  readonly because: string;
}

/**
 * The verdict of a set of check reports: NO-GO on an unwaived critical finding; else INCONCLUSIVE when a
 * required check could not look; else CONDITIONAL GO on an unwaived high finding; else GO.
 * Nothing examined at all is INCONCLUSIVE, never GO.
 */
export function judge(checks: readonly CheckReport[]): Judgement {
  const open = openFindings(checks);
  const critical = open.filter((entry) => entry.severity === 'critical');
  if (critical.length > 0) {
    return { verdict: 'NO_GO', because: `${count(critical.length, 'critical finding')}: ${names(critical)}.` };
  }
  const blind = checks.filter(couldNotLook);
  if (blind.length > 0) {
    return {
      verdict: 'INCONCLUSIVE',
      because: `${count(blind.length, 'required check')} could not look: ${names(blind)}.`,
    };
  }
  if (!checks.some((check) => check.outcome === 'pass' || check.outcome === 'fail')) {
    return { verdict: 'INCONCLUSIVE', because: 'Nothing was examined: no check ran.' };
  }
  const high = open.filter((entry) => entry.severity === 'high');
  if (high.length > 0) {
    return { verdict: 'CONDITIONAL_GO', because: `${count(high.length, 'high finding')}: ${names(high)}.` };
  }
  return { verdict: 'GO', because: 'No critical or high finding, and every required check looked.' };
}

/** True when the verdict must not be green because of this check: it errored, or lacks a need that is not optional. */
export function couldNotLook(check: CheckReport): boolean {
  if (!check.required || check.doesNotApply === true) return false;
  if (check.outcome === 'error') return true;
  return check.outcome === 'skipped' && !check.needs.some((need) => optionalNeeds.includes(need));
}

/** Counts of unwaived findings per severity, of waived ones, and of checks that errored or were skipped. */
export function summarise(checks: readonly CheckReport[]): Summary {
  const open = openFindings(checks);
  const of = (severity: Severity) => open.filter((entry) => entry.severity === severity).length;
  return {
    critical: of('critical'),
    high: of('high'),
    medium: of('medium'),
    low: of('low'),
    waived: checks.flatMap((check) => check.findings).filter((finding) => finding.waived).length,
    errors: checks.filter((check) => check.outcome === 'error').length,
    skipped: checks.filter((check) => check.outcome === 'skipped').length,
  };
}

/** Process exit code of a verdict: 0 fine, 1 findings, 3 could not look. `strict` makes CONDITIONAL GO a 1. */
export function exitCodeOf(verdict: Verdict, options: { strict?: boolean } = {}): 0 | 1 | 3 {
  if (verdict === 'NO_GO') return 1;
  if (verdict === 'INCONCLUSIVE') return 3;
  return verdict === 'CONDITIONAL_GO' && options.strict ? 1 : 0;
}

/** True when a finding that is not waived weighs at least this much. */
export function isReached(checks: readonly CheckReport[], severity: Severity): boolean {
  return openFindings(checks).some((finding) => bySeverity(finding.severity, severity) <= 0);
}

function openFindings(checks: readonly CheckReport[]) {
  return checks.flatMap((check) =>
    check.findings.filter((finding) => !finding.waived).map((finding) => ({ id: check.id, severity: finding.severity })),
  );
}

function count(total: number, noun: string): string {
  return `${total} ${noun}${total === 1 ? '' : 's'}`;
}

const namesMax = 5;

function names(entries: readonly { id: string }[]): string {
  const ids = [...new Set(entries.map((entry) => entry.id))];
  const rest = ids.length - namesMax;
  return ids.slice(0, namesMax).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
