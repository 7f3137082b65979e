import { defineVerificationCheck } from '../../src/migrations/verification.ts';

export default defineVerificationCheck({
  id: 'migrations/foreign-database',
  title: 'Database that is not ours',
  area: 'configuration',
  severity: 'critical',
  requirements: ['DB-05'],
  risk: "A migration would write into someone else's tables.",
  impact: 'The platform does not start against it.',
});
