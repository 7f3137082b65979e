import { pageOf } from '../check.ts';
import type { CheckReport, Review } from '../review.ts';

/** JUnit XML: one test case per check; findings are a failure, "could not look" is an error. */
export function renderJunit(review: Review): string {
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
  // Other control characters are not allowed in XML 1.0 at all.
  // oxlint-disable-next-line no-control-regex
  return value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/[&<>"\n]/g, (char) => entities[char] ?? char);
}
