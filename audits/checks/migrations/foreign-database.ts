import { defineCheck } from '../../src/check.ts';
import { verificationOf } from '../../src/migrations/verification.ts';

export default defineCheck({
  id: 'migrations/foreign-database',
  title: 'Database that is not ours',
  area: 'configuration',
  severity: 'critical',
  needs: ['database', 'repository'],
  requirements: ['DB-05'],
  timeoutMs: 15_000,
  run: (ctx) =>
    verificationOf('migrations/foreign-database', ctx, {
      risk: "A migration would write into someone else's tables.",
      impact: 'The platform does not start against it.',
    }),
});
