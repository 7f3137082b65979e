import { defineCheck } from '../../src/check.ts';
import { verificationOf } from '../../src/migrations/verification.ts';

export default defineCheck({
  id: 'migrations/out-of-order',
  title: 'Migration out of order',
  area: 'critical-paths',
  severity: 'high',
  needs: ['database', 'repository'],
  requirements: ['DB-04', 'DB-05'],
  timeoutMs: 15_000,
  run: (ctx) =>
    verificationOf('migrations/out-of-order', ctx, {
      risk: 'Databases run the same migrations in different orders, so that their schemas may differ.',
      impact: 'It is skipped where later migrations have already run, or stops the deploy there.',
    }),
});
