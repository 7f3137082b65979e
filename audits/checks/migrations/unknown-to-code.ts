import { defineVerificationCheck } from '../../src/migrations/verification.ts';

export default defineVerificationCheck({
  id: 'migrations/unknown-to-code',
  title: 'Database schema newer than the code',
  area: 'critical-paths',
  severity: 'high',
  requirements: ['DB-05', 'DEPLOY-03'],
  risk: 'This code does not know what the newer schema expects of it.',
  impact: 'Writes may fail on new constraints, or leave out what newer code relies on.',
});
