import { defineVerificationCheck } from '../../src/migrations/verification.ts';

export default defineVerificationCheck({
  id: 'migrations/tampered',
  title: 'Signed migration that was changed',
  area: 'critical-paths',
  severity: 'critical',
  requirements: ['DB-05'],
  risk: 'Databases that already ran the old text and databases that run the new one no longer have the same schema, and nothing will tell them apart later.',
  impact: 'The next deploy stops at start-up; a new installation differs from production.',
});
