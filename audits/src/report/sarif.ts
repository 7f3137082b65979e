import { printableJson } from '@sanctum/migrations/printable';
import { pageOf } from '../words.ts';
import type { Severity } from '../words.ts';
import type { CheckReport, Review, ReviewedFinding } from '../review.ts';
import { printableReview } from './printable-review.ts';

const levelOf: Record<Severity, 'error' | 'warning' | 'note'> = { critical: 'error', high: 'error', medium: 'warning', low: 'note' };

/** SARIF 2.1.0; waived findings carry a suppression with its justification, so that viewers do not count them. */
export function renderSarif(shown: Review): string {
  const review = printableReview(shown);
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'sanctum-ops',
            rules: review.checks.map((check) => ({
              id: check.id,
              shortDescription: { text: check.title },
              help: { text: `See ${pageOf(check.id)}` },
              defaultConfiguration: { level: levelOf[check.severity] },
              properties: { area: check.area, requirements: check.requirements },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: review.summary.errors === 0,
            startTimeUtc: review.startedAt,
            toolExecutionNotifications: review.checks.flatMap(notification),
          },
        ],
        results: review.checks.flatMap((check) => check.findings.map((finding) => result(check, finding))),
        properties: { verdict: review.verdict, because: review.because },
      },
    ],
  };
  return `${printableJson(document)}\n`;
}

function notification(check: CheckReport) {
  if (check.error === undefined) return [];
  return [{ level: 'error', associatedRule: { id: check.id }, message: { text: `${check.error.message} ${check.error.fix}` } }];
}

function result(check: CheckReport, finding: ReviewedFinding) {
  return {
    ruleId: check.id,
    level: levelOf[finding.severity],
    message: { text: `${finding.subject}: ${finding.detail}\nRisk: ${finding.risk}\nImpact: ${finding.impact}\nFix: ${finding.fix}` },
    locations: [location(finding)],
    partialFingerprints: { 'sanctum/v1': finding.fingerprint },
    properties: { severity: finding.severity },
    ...(finding.waiver === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: 'external',
              status: 'accepted',
              justification: `${finding.waiver.reason} (${finding.waiver.owner}, until ${finding.waiver.expires})`,
            },
          ],
        }),
  };
}

function location(finding: ReviewedFinding) {
  const match = /^([^\s:]+\.[a-z]+)(?::(\d+))?$/i.exec(finding.location ?? '');
  if (match === null) return { logicalLocations: [{ fullyQualifiedName: finding.location ?? finding.subject }] };
  return {
    physicalLocation: {
      artifactLocation: { uri: match[1] },
      ...(match[2] === undefined ? {} : { region: { startLine: Number(match[2]) } }),
    },
  };
}
