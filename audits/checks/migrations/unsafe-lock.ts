import { defineCheck } from '../../src/check.ts';
import { isDestructive, lintOf } from '../../src/migrations/lint.ts';

export default defineCheck({
  id: 'migrations/unsafe-lock',
  title: 'Migration that is unsafe under load',
  area: 'critical-paths',
  severity: 'high',
  needs: ['repository'],
  requirements: ['DB-04', 'DEPLOY-01'],
  timeoutMs: 30_000,
  run: (ctx) =>
    lintOf(ctx, (rule) => !isDestructive(rule), {
      risk: 'The statement holds its lock for as long as it works, or fails half way, while the site is in use.',
      impact: 'Every request that needs the table waits behind it: the deploy becomes an outage as long as the table is large.',
    }),
});
