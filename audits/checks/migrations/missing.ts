import { defineCheck } from '../../src/check.ts';
import { verificationOf } from '../../src/migrations/verification.ts';

export default defineCheck({
  id: 'migrations/missing',
  title: 'Applied migration whose file is gone',
  area: 'critical-paths',
  severity: 'critical',
  needs: ['database', 'repository'],
  requirements: ['DB-05'],
  timeoutMs: 15_000,
  run: (ctx) =>
    verificationOf('migrations/missing', ctx, {
      risk: 'A new installation leaves this step out and ends with another schema.',
      impact: 'Restoring, testing and rolling out new instances give a database that does not fit the code.',
    }),
});
