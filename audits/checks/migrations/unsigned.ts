import { defineVerificationCheck } from '../../src/migrations/verification.ts';

export default defineVerificationCheck({
  id: 'migrations/unsigned',
  title: 'Migration without a signature',
  area: 'critical-paths',
  severity: 'high',
  requirements: ['DB-05'],
  risk: 'Nobody can tell later whether this file was changed after it ran.',
  impact: 'The deploy stops at this file.',
});
