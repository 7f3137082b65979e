import { defineCheck, fingerprint } from '../../src/check.ts';
import { countOf, readWaiverFile } from '../../src/waiver-file.ts';
import { waiversPath } from '../../src/waivers.ts';

export default defineCheck({
  id: 'waivers/malformed',
  title: 'Waiver that cannot be read',
  area: 'operations',
  severity: 'high',
  needs: ['repository'],
  requirements: ['REV-05'],
  timeoutMs: 5_000,
  async run(ctx) {
    const waivers = await readWaiverFile(ctx);
    const findings = waivers.malformed.map((entry) => ({
      subject: entry.label,
      detail: entry.problem,
      location: `${waiversPath}:${entry.line}`,
      risk: 'Its author believes that a finding is accepted, and it is not.',
      impact: 'The entry waives nothing; the finding that it was meant for counts in full.',
      fix: `Correct line ${entry.line} of ${waiversPath}: check, fingerprint or subject, owner, reason, expires (see the top of the file).`,
      fingerprint: fingerprint('malformed', entry.label, entry.problem),
    }));
    return { examined: countOf(waivers), findings };
  },
});
