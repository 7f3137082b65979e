import { join } from 'node:path';
import { verifyMigrations } from '@sanctum/migrations/verify';
import type { VerifyCode, VerifyFinding, VerifyResult } from '@sanctum/migrations/verify';
import { CouldNotLook, defineCheck, fingerprint } from '../check.ts';
import type { Check, CheckContext, Finding } from '../check.ts';

/** Which check reports what the migrations package finds: every code exactly once, so that nothing falls between two checks. */
export const checkOfCode: Readonly<Record<VerifyCode, string>> = {
  'changed-comment': 'migrations/tampered',
  'changed-statement': 'migrations/tampered',
  'changed-down': 'migrations/tampered',
  'checksums-edited': 'migrations/tampered',
  'journal-edited': 'migrations/tampered',
  truncated: 'migrations/tampered',
  'not-utf8': 'migrations/tampered',
  empty: 'migrations/tampered',
  'too-large': 'migrations/tampered',
  renamed: 'migrations/tampered',
  're-signed': 'migrations/re-signed',
  missing: 'migrations/missing',
  'out-of-order': 'migrations/out-of-order',
  reordered: 'migrations/out-of-order',
  'duplicate-number': 'migrations/out-of-order',
  'bad-name': 'migrations/out-of-order',
  unsigned: 'migrations/unsigned',
  'half-applied': 'migrations/half-applied',
  running: 'migrations/half-applied',
  'unknown-to-code': 'migrations/unknown-to-code',
  'foreign-database': 'migrations/foreign-database',
  'invalid-index': 'postgres/invalid-index',
  'folder-unreadable': 'could-not-look',
  'file-unreadable': 'could-not-look',
  'too-many-files': 'could-not-look',
  'checksums-missing': 'could-not-look',
  'checksums-unreadable': 'could-not-look',
  'database-unreachable': 'could-not-look',
  'database-refused': 'could-not-look',
};

type VerificationContext = Pick<CheckContext, 'db' | 'repository' | 'once'>;

interface Consequence {
  readonly risk: string;
  readonly impact: string;
}

/**
 * Compares files, checksums and journal of the audited target, once per review: all checks judge the same picture.
 * Throws `CouldNotLook` when any of the three cannot be read.
 */
export async function verify({ db, repository, once }: VerificationContext): Promise<VerifyResult> {
  const result = await once('migrations/verification', () =>
    verifyMigrations({
      dir: join(repository.root, 'migrations'),
      database: { query: async (text, values) => ({ rows: await db.query(text, values) }) },
    }),
  );
  const blind = result.findings.find((finding) => checkOfCode[finding.code] === 'could-not-look');
  if (blind) throw new CouldNotLook(blind.detail, { fix: blind.fix });
  return result;
}

type Declaration = Pick<Check, 'id' | 'title' | 'area' | 'severity' | 'requirements'>;

/** Declares a check that reports its share of the verification. */
export function defineVerificationCheck({ risk, impact, ...declaration }: Declaration & Consequence): Check {
  return defineCheck({
    ...declaration,
    needs: ['database', 'repository'],
    timeoutMs: 15_000,
    run: async (ctx) => {
      const { examined, findings } = await verify(ctx);
      const own = findings.filter((finding) => checkOfCode[finding.code] === declaration.id);
      return {
        examined: examined.files + (examined.journal ?? 0),
        findings: own.map((finding) => toFinding(finding, { risk, impact })),
      };
    },
  });
}

function toFinding(finding: VerifyFinding, { risk, impact }: Consequence): Finding {
  const subject = finding.file ?? `migration ${finding.number ?? ''}`.trim();
  const isCosmetic = finding.kind === 'cosmetic';
  return {
    subject,
    detail: finding.detail,
    ...locationOf(finding),
    risk: isCosmetic ? 'None for the schema: the statements that ran are the statements in the file, proven by equal token hashes.' : risk,
    impact: isCosmetic ? 'The signature no longer matches byte by byte, so that the next, real edit would be easier to overlook.' : impact,
    fix: finding.fix,
    severity: finding.severity,
    fingerprint: fingerprint('migrations', finding.code, subject),
  };
}

function locationOf(finding: VerifyFinding): { location?: string } {
  if (finding.file === null || !finding.file.endsWith('.sql')) return finding.file === null ? {} : { location: finding.file };
  return { location: `migrations/sql/${finding.file}${finding.line === null ? '' : `:${finding.line}`}` };
}
