import { pageOf } from '../words.ts';
import type { CheckReport, Review } from '../review.ts';
import { printableReview } from './printable-review.ts';

/** JUnit XML: one test case per check; findings are a failure, "could not look" is an error. */
export function renderJunit(shown: Review): string {
  const review = printableReview(shown);
  const failures = review.checks.filter((check) => check.outcome === 'fail').length;
  const { errors, skipped } = review.summary;
  const counts = `tests="${review.checks.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${review.durationMs / 1000}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="sanctum-review" ${counts}>`,
    `  <testsuite name="${review.verdict}" timestamp="${escape(review.startedAt)}" ${counts}>`,
    ...review.checks.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(check: CheckReport): string {
  const head = `    <testcase classname="${escape(check.area)}" name="${escape(check.id)}" time="${check.durationMs / 1000}"`;
  if (check.outcome === 'pass') return `${head}/>`;
  return [`${head}>`, `      ${body(check)}`, '    </testcase>'].join('\n');
}

function body(check: CheckReport): string {
  if (check.outcome === 'skipped') return `<skipped message="${escape(check.reason ?? '')}"/>`;
  if (check.outcome === 'error') {
    return `<error message="${escape(check.error?.message ?? '')}">${escape(check.error?.fix ?? '')}</error>`;
  }
  const open = check.findings.filter((finding) => !finding.waived);
  const text = open
    .map(
      (finding) =>
        `${finding.severity} ${finding.subject}: ${finding.detail}\nat: ${finding.location ?? finding.subject}\nfix: ${finding.fix}`,
    )
    .join('\n\n');
  return `<failure type="${check.severity}" message="${escape(`${open.length} findings: ${check.title}`)}">${escape(`${text}\n\n${pageOf(check.id)}`)}</failure>`;
}

function escape(value: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' };
  return value.replace(/[&<>"\n]/g, (char) => entities[char] ?? char);
}
