import { expect, test } from 'vitest';
import { runInWorld } from '../../test/context.ts';
import { createFinding } from '../../test/reports.ts';
import { waiverFile } from '../../test/waiver-file.ts';
import check from './unused.ts';

const now = new Date('2026-06-15T12:00:00Z');

async function subjects(earlier: { id: string; looked: boolean; findings: ReturnType<typeof createFinding>[] }[], text = waiverFile()) {
  const { findings } = await runInWorld(check, { now, files: { 'audits/waivers.yaml': text }, earlier });
  return findings.map((finding) => finding.subject);
}

test('a waiver whose check looked and found nothing of the kind is named', async () => {
  const other = createFinding({ subject: 'another_index' });
  expect(await subjects([{ id: 'postgres/invalid-index', looked: true, findings: [other] }])).toEqual(['postgres/invalid-index marks_a']);
});

test('a waiver of a check that there is not is named', async () => {
  expect(await subjects([], waiverFile({ check: 'postgres/imagined' }))).toEqual(['postgres/imagined marks_a']);
});

test('a waiver that is used, or whose check could not look or did not run, is no finding', async () => {
  const own = createFinding({ subject: 'marks_a' });
  expect(await subjects([{ id: 'postgres/invalid-index', looked: true, findings: [own] }])).toEqual([]);
  expect(await subjects([{ id: 'postgres/invalid-index', looked: false, findings: [] }])).toEqual([]);
  expect(await subjects([])).toEqual([]);
});
