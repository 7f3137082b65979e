import { defineVerificationCheck } from '../../src/migrations/verification.ts';

export default defineVerificationCheck({
  id: 'migrations/out-of-order',
  title: 'Migration out of order',
  area: 'critical-paths',
  severity: 'high',
  requirements: ['DB-04', 'DB-05'],
  risk: 'Databases run the same migrations in different orders, so that their schemas may differ.',
  impact: 'It is skipped where later migrations have already run, or stops the deploy there.',
});
