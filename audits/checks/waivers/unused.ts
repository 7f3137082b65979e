import { defineCheck, fingerprint } from '../../src/check.ts';
import type { EarlierOutcome } from '../../src/check.ts';
import { listCheckIds } from '../../src/registry.ts';
import { countOf, readWaiverFile } from '../../src/waiver-file.ts';
import { concerns, hasExpired, waiverLabel, waiversPath } from '../../src/waivers.ts';
import type { Waiver } from '../../src/waivers.ts';

export default defineCheck({
  id: 'waivers/unused',
  title: 'Waiver without a finding',
  area: 'operations',
  severity: 'low',
  needs: ['repository'],
  requirements: ['REV-05'],
  timeoutMs: 5_000,
  runsLast: true,
  async run(ctx) {
    const waivers = await readWaiverFile(ctx);
    const ids = await listCheckIds();
    const findings = waivers.entries
      .filter((waiver) => !hasExpired(waiver, ctx.now) && isUnused(waiver, ctx.earlier, ids))
      .map((waiver) => ({
        subject: waiverLabel(waiver),
        detail: ids.includes(waiver.check)
          ? `${waiver.check} looked and found nothing that this waiver is about.`
          : `There is no check "${waiver.check}".`,
        location: `${waiversPath}:${waiver.line}`,
        risk: 'A waiver left behind silently accepts the same fault when it comes back.',
        impact: 'The list of accepted findings says less and less about the system.',
        fix: `Delete the entry at line ${waiver.line} of ${waiversPath}.`,
        fingerprint: fingerprint('unused', waiverLabel(waiver)),
      }));
    return { examined: countOf(waivers), findings };
  },
});

/** Only a check that looked can show that a waiver is unused; an unknown check never will. */
function isUnused(waiver: Waiver, earlier: readonly EarlierOutcome[], ids: readonly string[]): boolean {
  const outcome = earlier.find((one) => one.id === waiver.check);
  if (outcome === undefined) return !ids.includes(waiver.check);
  return outcome.looked && !outcome.findings.some((finding) => concerns(waiver, waiver.check, finding));
}
