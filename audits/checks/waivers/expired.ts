import { defineCheck, fingerprint } from '../../src/check.ts';
import { countOf, readWaiverFile } from '../../src/waiver-file.ts';
import { hasExpired, waiverLabel, waiversPath } from '../../src/waivers.ts';

export default defineCheck({
  id: 'waivers/expired',
  title: 'Waiver past its last day',
  area: 'operations',
  severity: 'medium',
  needs: ['repository'],
  requirements: ['REV-05'],
  timeoutMs: 5_000,
  async run(ctx) {
    const waivers = await readWaiverFile(ctx);
    const findings = waivers.entries
      .filter((waiver) => hasExpired(waiver, ctx.now))
      .map((waiver) => ({
        subject: waiverLabel(waiver),
        detail: `The waiver of ${waiver.owner} held until ${waiver.expires} ("${waiver.reason}").`,
        location: `${waiversPath}:${waiver.line}`,
        risk: 'A decision that was meant for a while has become permanent without anyone deciding it.',
        impact: 'The finding behind it counts again, in full.',
        fix: `Fix the finding and delete the entry, or ask ${waiver.owner} for a new decision with a new date: ${waiversPath} line ${waiver.line}`,
        fingerprint: fingerprint('expired', waiverLabel(waiver)),
      }));
    return { examined: countOf(waivers), findings };
  },
});
