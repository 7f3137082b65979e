import { defineCheck } from '../../src/check.ts';
import { verificationOf } from '../../src/migrations/verification.ts';

export default defineCheck({
  id: 'migrations/unsigned',
  title: 'Migration without a signature',
  area: 'critical-paths',
  severity: 'high',
  needs: ['database', 'repository'],
  requirements: ['DB-05'],
  timeoutMs: 15_000,
  run: (ctx) =>
    verificationOf('migrations/unsigned', ctx, {
      risk: 'Nobody can tell later whether this file was changed after it ran.',
      impact: 'The deploy stops at this file.',
    }),
});
