import type { CheckReport, Review, ReviewedFinding } from '../src/review.ts';
import { judge, summarise } from '../src/verdict.ts';

export function createFinding(part: Partial<ReviewedFinding> = {}): ReviewedFinding {
  return {
    subject: 'posts.sanctum_id',
    detail: 'No index.',
    location: 'platform/src/a.ts:12',
    risk: 'It reads everything.',
    impact: 'Slow lists.',
    fix: 'create index concurrently a on posts (sanctum_id);',
    fingerprint: '0123456789abcdef',
    severity: 'high',
    waived: false,
    ...part,
  };
}

export function createCheckReport(part: Partial<CheckReport> = {}): CheckReport {
  return {
    id: 'postgres/planted',
    title: 'A planted condition',
    area: 'scale',
    severity: 'high',
    needs: ['repository'],
    requirements: ['DB-01'],
    required: true,
    outcome: 'pass',
    examined: 1,
    durationMs: 5,
    findings: [],
    ...part,
  };
}

export function createReview(checks: readonly CheckReport[]): Review {
  return {
    target: {
      database: 'postgresql localhost/sanctum',
      redis: 'not configured: none',
      http: 'http://localhost',
      repository: '.',
      config: 'profile development',
    },
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 1_234,
    ...judge(checks),
    summary: summarise(checks),
    checks,
  };
}
