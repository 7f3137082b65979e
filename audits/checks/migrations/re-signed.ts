import { defineCheck } from '../../src/check.ts';
import { verificationOf } from '../../src/migrations/verification.ts';

export default defineCheck({
  id: 'migrations/re-signed',
  title: 'Applied migration that was changed and signed again',
  area: 'critical-paths',
  severity: 'critical',
  needs: ['database', 'repository'],
  requirements: ['DB-05'],
  timeoutMs: 15_000,
  run: (ctx) =>
    verificationOf('migrations/re-signed', ctx, {
      risk: 'The checksum file vouches for text that this database never ran: the evidence was changed together with the file.',
      impact: 'This database lacks what the code believes it has; queries fail or constraints are missing.',
    }),
});
