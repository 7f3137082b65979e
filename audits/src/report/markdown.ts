import { answerQuestions } from '../questions.ts';
import type { CheckReport, Review, ReviewedFinding } from '../review.ts';
import { couldNotLook } from '../verdict.ts';
import { areas, pageOf, severities, verdictLabel } from '../words.ts';
import { printableReview } from './printable-review.ts';

/** The readiness report (REV-02) as Markdown: summary, answers, findings worst first, checklist, watch list. */
export function renderMarkdown(shown: Review): string {
  const review = printableReview(shown);
  return `${[
    '# Production readiness review',
    facts(review),
    ...executiveSummary(review),
    ...answers(review),
    ...severities.flatMap((severity) => findingsOf(review, severity)),
    ...waived(review),
    ...notLookedAt(review),
    ...checklist(review),
    ...watchList(review),
    ...improvements(review),
    ...allChecks(review),
  ].join('\n\n')}\n`;
}

function facts(review: Review): string {
  return [
    `Started ${review.startedAt}, took ${(review.durationMs / 1000).toFixed(1)} s.`,
    '',
    ...Object.entries(review.target).map(([need, label]) => `- ${need}: ${text(label)}`),
  ].join('\n');
}

function executiveSummary(review: Review): string[] {
  const { summary } = review;
  const worst = severities.find((severity) => summary[severity] > 0);
  const risk = review.verdict === 'INCONCLUSIVE' ? 'UNKNOWN (see what could not be looked at)' : (worst ?? 'low').toUpperCase();
  const strengths = areas
    .map((area) => ({ area, checks: review.checks.filter((check) => check.area === area) }))
    .map(({ area, checks }) => ({ area, passed: checks.filter((check) => check.outcome === 'pass'), all: checks }))
    .filter(({ passed, all }) => passed.length > 0 && passed.length === all.filter((check) => check.outcome !== 'skipped').length)
    .map(
      ({ area, passed }) =>
        `- ${area}: ${passed.length === 1 ? 'the one check' : `all ${passed.length} checks`} that ${passed.length === 1 ? 'applies' : 'apply'} passed (${sum(passed)} things examined)`,
    );
  return [
    '## Executive summary',
    [`**Recommendation: ${verdictLabel(review.verdict)}.** ${text(review.because)}`, '', `**Risk: ${risk}**`].join('\n'),
    [
      '| critical | high | medium | low | waived | could not look | skipped |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      `| ${summary.critical} | ${summary.high} | ${summary.medium} | ${summary.low} | ${summary.waived} | ${summary.errors} | ${summary.skipped} |`,
    ].join('\n'),
    ['Strengths:', '', ...(strengths.length > 0 ? strengths : ['- No area passed completely.'])].join('\n'),
  ];
}

function answers(review: Review): string[] {
  const rows = answerQuestions(review.checks).map(
    ({ question, answer, evidence }) => `| ${question} | **${answer}** | ${text(evidence)} |`,
  );
  return ['## Questions', ['| question | answer | evidence |', '| --- | --- | --- |', ...rows].join('\n')];
}

function findingsOf(review: Review, severity: (typeof severities)[number]): string[] {
  const found = open(review).filter(({ finding }) => finding.severity === severity);
  const title = `## ${severity[0]?.toUpperCase()}${severity.slice(1)} findings`;
  if (found.length === 0) return [title, 'None.'];
  return [title, ...found.map(({ check, finding }) => findingText(check, finding))];
}

function findingText(check: CheckReport, finding: ReviewedFinding): string {
  return [
    `### ${text(finding.subject)}: ${text(check.title)}`,
    '',
    `- Category: ${check.area} (\`${check.id}\`, ${check.requirements.join(', ') || 'no requirement'})`,
    `- Location: ${text(finding.location ?? finding.subject)}`,
    `- Risk: ${text(finding.risk)}`,
    `- Description: ${text(finding.detail)}`,
    `- Impact: ${text(finding.impact)}`,
    '- Fix:',
    '',
    fenced(finding.fix),
    '',
    `Page: [${pageOf(check.id)}](${pageOf(check.id)}) · fingerprint \`${finding.fingerprint}\``,
  ].join('\n');
}

function waived(review: Review): string[] {
  const found = review.checks.flatMap((check) => check.findings.filter((finding) => finding.waived).map((finding) => ({ check, finding })));
  if (found.length === 0) return [];
  const rows = found.map(
    ({ check, finding }) =>
      `| \`${check.id}\` | ${text(finding.subject)} | ${finding.severity} | ${text(finding.waiver?.owner ?? '')} | ${finding.waiver?.expires} | ${text(finding.waiver?.reason ?? '')} |`,
  );
  return [
    '## Waived findings',
    ['| check | subject | severity | owner | until | reason |', '| --- | --- | --- | --- | --- | --- |', ...rows].join('\n'),
  ];
}

function notLookedAt(review: Review): string[] {
  const rows = review.checks
    .filter((check) => check.outcome === 'error' || check.outcome === 'skipped')
    .map(
      (check) =>
        `| \`${check.id}\` | ${check.outcome} | ${couldNotLook(check) ? 'yes' : 'no'} | ${text(check.error?.message ?? check.reason ?? '')} | ${text(check.error?.fix ?? '')} |`,
    );
  if (rows.length === 0) return [];
  return [
    '## Not looked at',
    ['| check | outcome | keeps the verdict open | why | fix |', '| --- | --- | --- | --- | --- |', ...rows].join('\n'),
  ];
}

function checklist(review: Review): string[] {
  const grave = open(review).filter(({ finding }) => finding.severity === 'critical' || finding.severity === 'high');
  const state = (prefix: string) => {
    const checks = review.checks.filter((check) => check.id.startsWith(prefix));
    return checks.length > 0 && checks.every((check) => check.outcome === 'pass') ? 'x' : ' ';
  };
  const rows = [
    ...grave.map(({ finding }) => `- [ ] ${finding.severity}: ${text(finding.subject)} fixed or waived`),
    `- [${state('migrations/')}] every migration check passes, nothing is pending unplanned`,
    `- [${state('postgres/')}] every database check passes`,
    `- [${state('config/')}] settings checked for the profile that is deployed`,
    `- [${state('http/')}] a running instance answers as it has to`,
    '- [ ] a backup younger than the deploy exists and has been restored once',
    '- [ ] the previous version is at hand and the way back is known',
    '- [ ] someone watches for the first hour',
  ];
  return ['## Deployment checklist', rows.join('\n')];
}

function watchList(review: Review): string[] {
  const fromFindings = open(review)
    .filter(({ finding }) => finding.severity !== 'low')
    .map(({ check, finding }) => `- ${text(finding.subject)}: ${text(finding.impact)} ([${check.id}](${pageOf(check.id)}))`);
  return [
    '## What to watch after the deploy',
    [
      '- answers with status 500 and above, and p99 per route (`/metrics`)',
      '- readiness of every instance (`/ready`)',
      '- locks and long transactions: `npx sanctum-ops audit postgres/lock-convoy postgres/long-transaction`',
      '- slow queries by name in the log',
      ...fromFindings,
    ].join('\n'),
  ];
}

function improvements(review: Review): string[] {
  const small = open(review)
    .filter(({ finding }) => finding.severity === 'medium' || finding.severity === 'low')
    .map(({ finding }) => `- ${text(finding.subject)}: ${text(finding.fix.split('\n')[0] ?? '')}`);
  const unknown = answerQuestions(review.checks)
    .filter(({ answer }) => answer === 'unknown')
    .map(({ question }) => `- evidence for: ${question}`);
  const rows = [...small, ...unknown];
  return ['## Future improvements', rows.length > 0 ? rows.join('\n') : '- None that this review can name.'];
}

function allChecks(review: Review): string[] {
  const rows = areas.flatMap((area) =>
    review.checks
      .filter((check) => check.area === area)
      .map((check) => `| ${area} | \`${check.id}\` | ${check.outcome} | ${check.examined} | ${check.durationMs} |`),
  );
  return ['## Every check', ['| area | check | outcome | examined | ms |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')];
}

function open(review: Review) {
  return review.checks.flatMap((check) => check.findings.filter((finding) => !finding.waived).map((finding) => ({ check, finding })));
}

function sum(checks: readonly CheckReport[]): number {
  return checks.reduce((count, check) => count + check.examined, 0);
}

/** One line of foreign text that cannot break a table, a heading or a list, nor carry markup. */
function text(value: string): string {
  return value
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>|#~$&]/g, (char) => `\\${char}`)
    .replace(/^(\s*)([-+=]|\d+[.)])/, (_, space: string, marker: string) => `${space}${marker.slice(0, -1)}\\${marker.slice(-1)}`);
}

/** A fence longer than any run of backticks inside. */
function fenced(value: string): string {
  const longest = Math.max(2, ...[...value.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${value}\n${fence}`;
}
