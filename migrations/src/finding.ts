import type { FindingKind, Severity, VerifyCode, VerifyFinding } from './types.ts';

interface Trait {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly blocking: boolean;
}

const semanticCritical: Trait = { kind: 'semantic', severity: 'critical', blocking: true };
const semanticHigh: Trait = { kind: 'semantic', severity: 'high', blocking: true };
const cosmetic: Trait = { kind: 'cosmetic', severity: 'low', blocking: false };
const stateHigh: Trait = { kind: 'state', severity: 'high', blocking: true };
const blind: Trait = { kind: 'could-not-look', severity: 'critical', blocking: true };

/** One row per code: how bad it is and whether it stops a migration and a start. */
export const verifyTraits: Readonly<Record<VerifyCode, Trait>> = {
  'folder-unreadable': blind,
  'file-unreadable': blind,
  'too-many-files': blind,
  'bad-name': semanticHigh,
  'duplicate-number': semanticCritical,
  empty: semanticHigh,
  'too-large': semanticHigh,
  'not-utf8': semanticCritical,
  truncated: semanticCritical,
  'checksums-missing': blind,
  'checksums-unreadable': blind,
  'checksums-edited': semanticCritical,
  unsigned: semanticHigh,
  'changed-comment': cosmetic,
  'changed-statement': semanticCritical,
  'changed-down': { kind: 'semantic', severity: 'medium', blocking: false },
  missing: semanticCritical,
  renamed: semanticHigh,
  reordered: semanticCritical,
  're-signed': semanticCritical,
  'out-of-order': semanticHigh,
  'half-applied': stateHigh,
  running: { kind: 'state', severity: 'medium', blocking: false },
  'unknown-to-code': stateHigh,
  'foreign-database': { kind: 'state', severity: 'critical', blocking: true },
  'journal-edited': semanticCritical,
  'invalid-index': { kind: 'state', severity: 'high', blocking: false },
  'database-unreachable': blind,
  'database-refused': blind,
};

interface About {
  readonly detail: string;
  readonly fix: string;
  readonly number?: number | null;
  readonly line?: number | null;
  /** Turns a semantic code into its cosmetic form: proven by equal token hashes. */
  readonly cosmetic?: boolean;
}

/** Builds a finding: kind, severity and blocking come from the code, so that they cannot differ between places. */
export function finding(code: VerifyCode, file: string | null, about: About): VerifyFinding {
  const trait = about.cosmetic === true ? cosmetic : verifyTraits[code];
  return {
    code,
    ...trait,
    number: about.number ?? null,
    file,
    line: about.line ?? null,
    detail: about.detail,
    fix: about.fix,
  };
}
