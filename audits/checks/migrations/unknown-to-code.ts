import { defineCheck } from '../../src/check.ts';
import { verificationOf } from '../../src/migrations/verification.ts';

export default defineCheck({
  id: 'migrations/unknown-to-code',
  title: 'Database schema newer than the code',
  area: 'critical-paths',
  severity: 'high',
  needs: ['database', 'repository'],
  requirements: ['DB-05', 'DEPLOY-03'],
  timeoutMs: 15_000,
  run: (ctx) =>
    verificationOf('migrations/unknown-to-code', ctx, {
      risk: 'This code does not know what the newer schema expects of it.',
      impact: 'Writes may fail on new constraints, or leave out what newer code relies on.',
    }),
});
