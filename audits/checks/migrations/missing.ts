import { defineVerificationCheck } from '../../src/migrations/verification.ts';

export default defineVerificationCheck({
  id: 'migrations/missing',
  title: 'Applied migration whose file is gone',
  area: 'critical-paths',
  severity: 'critical',
  requirements: ['DB-05'],
  risk: 'A new installation leaves this step out and ends with another schema.',
  impact: 'Restoring, testing and rolling out new instances give a database that does not fit the code.',
});
