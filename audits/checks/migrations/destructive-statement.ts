import { defineCheck } from '../../src/check.ts';
import { isDestructive, lintOf } from '../../src/migrations/lint.ts';

export default defineCheck({
  id: 'migrations/destructive-statement',
  title: 'Migration that destroys data',
  area: 'critical-paths',
  severity: 'high',
  needs: ['repository'],
  requirements: ['DB-04', 'DB-07'],
  timeoutMs: 30_000,
  run: (ctx) =>
    lintOf(ctx, isDestructive, {
      risk: 'What it removes is gone the moment it commits: a rollback of the code does not bring it back.',
      impact: 'Users lose what they wrote, and the version before, still running during the deploy, fails on what is missing.',
    }),
});
