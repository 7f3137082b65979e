import { defineVerificationCheck } from '../../src/migrations/verification.ts';

export default defineVerificationCheck({
  id: 'migrations/half-applied',
  title: 'Migration that was interrupted',
  area: 'failure-paths',
  severity: 'high',
  requirements: ['DB-05', 'DB-07'],
  risk: 'Part of it happened and part did not; running the next one builds on sand.',
  impact: 'The platform does not start, and no further migration runs.',
});
