import { defineCheck, fingerprint } from '../../src/check.ts';
import { verify } from '../../src/migrations/verification.ts';

export default defineCheck({
  id: 'migrations/pending',
  title: 'Migration that has not run',
  area: 'critical-paths',
  severity: 'high',
  needs: ['database', 'repository'],
  requirements: ['DB-04', 'DB-05'],
  timeoutMs: 15_000,
  async run(ctx) {
    const { pending, examined, head } = await verify(ctx);
    const at = head === null ? 'has run none' : `is at ${head.name}`;
    return {
      examined: examined.files,
      findings: (pending ?? []).map((name) => ({
        subject: name,
        detail: `${name} is in the code, and the database ${at}.`,
        location: `migrations/sql/${name}`,
        risk: 'The code may ask for tables, columns or indexes that are not there yet.',
        impact: 'Requests that touch them fail, or read whole tables without the new index.',
        fix: 'npx sanctum-ops migrate plan && npx sanctum-ops migrate up',
        fingerprint: fingerprint('pending', name),
      })),
    };
  },
});
