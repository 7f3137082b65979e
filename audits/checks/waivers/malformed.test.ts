import { expect, test } from 'vitest';
import { runInWorld } from '../../test/context.ts';
import { waiverFile } from '../../test/waiver-file.ts';
import check from './malformed.ts';

const now = new Date('2026-06-15T12:00:00Z');
const look = (text: string) => runInWorld(check, { now, files: { 'audits/waivers.yaml': text } });

test('a waiver without an owner, and one dated too far ahead, are named with their line', async () => {
  const { findings } = await look(waiverFile({ owner: "''" }));
  expect(findings).toMatchObject([{ subject: 'postgres/invalid-index marks_a', location: 'audits/waivers.yaml:3' }]);
  expect((await look(waiverFile({ expires: '2027-06-15' }))).findings[0]?.detail).toContain('90 days');
});

test('a whole waiver is no finding', async () => {
  expect(await look(waiverFile())).toEqual({ examined: 2, findings: [] });
});
