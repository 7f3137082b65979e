import { join } from 'node:path';
import { lintMigrations } from '@sanctum/migrations/lint';
import type { LintFinding } from '@sanctum/migrations/lint';
import { fingerprint } from '../check.ts';
import type { CheckContext, CheckResult, Finding } from '../check.ts';

const destructive = new Set(['truncate', 'delete-without-where', 'update-without-where', 'ban-truncate-cascade', 'disabled-trigger']);

/** True for rules about data that is lost; all the others are about what a statement does to those who work meanwhile. */
export function isDestructive(rule: string): boolean {
  return destructive.has(rule) || /^(ban-)?drop-(?!not-null)/.test(rule);
}

/** Lints the migrations of the audited checkout, once per review, and reports those findings that belong to one check. */
export async function lintOf(
  { repository, once }: Pick<CheckContext, 'repository' | 'once'>,
  belongs: (rule: string) => boolean,
  consequence: Pick<Finding, 'risk' | 'impact'>,
): Promise<CheckResult> {
  const result = await once('migrations/lint', () => lintMigrations({ dir: join(repository.root, 'migrations') }));
  const notLooked = {
    message: `Part of the migrations could not be examined: ${result.notLooked.join('; ')}.`,
    fix: 'npx sanctum-ops migrate lint names each; a missing linter binary comes back with make install.',
  };
  return {
    examined: result.examined.statements,
    findings: result.findings.filter((finding) => belongs(finding.rule)).map((finding) => toFinding(finding, consequence)),
    ...(result.notLooked.length === 0 ? {} : { notLooked }),
  };
}

function toFinding(finding: LintFinding, { risk, impact }: Pick<Finding, 'risk' | 'impact'>): Finding {
  return {
    subject: `${finding.file} ${finding.rule}`,
    detail: `${finding.detail} Statement: ${finding.statement}`,
    location: `migrations/sql/${finding.file}:${finding.line}`,
    risk,
    impact,
    fix: finding.fix,
    severity: finding.severity,
    fingerprint: fingerprint(finding.fingerprint),
  };
}
