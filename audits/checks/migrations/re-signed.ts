import { defineVerificationCheck } from '../../src/migrations/verification.ts';

export default defineVerificationCheck({
  id: 'migrations/re-signed',
  title: 'Applied migration that was changed and signed again',
  area: 'critical-paths',
  severity: 'critical',
  requirements: ['DB-05'],
  risk: 'The checksum file vouches for text that this database never ran: the evidence was changed together with the file.',
  impact: 'This database lacks what the code believes it has; queries fail or constraints are missing.',
});
