import { defineCheck } from '../../src/check.ts';
import { verificationOf } from '../../src/migrations/verification.ts';

export default defineCheck({
  id: 'migrations/half-applied',
  title: 'Migration that was interrupted',
  area: 'failure-paths',
  severity: 'high',
  needs: ['database', 'repository'],
  requirements: ['DB-05', 'DB-07'],
  timeoutMs: 15_000,
  run: (ctx) =>
    verificationOf('migrations/half-applied', ctx, {
      risk: 'Part of it happened and part did not; running the next one builds on sand.',
      impact: 'The platform does not start, and no further migration runs.',
    }),
});
