import { expect, test } from 'vitest';
import { runInWorld } from '../../test/context.ts';
import { waiverFile } from '../../test/waiver-file.ts';
import check from './expired.ts';

const look = (expires: string) =>
  runInWorld(check, { now: new Date('2026-06-15T12:00:00Z'), files: { 'audits/waivers.yaml': waiverFile({ expires }) } });

test('a waiver past its last day is named with its line and owner', async () => {
  const { findings } = await look('2026-06-14');
  expect(findings).toMatchObject([{ subject: 'postgres/invalid-index marks_a', location: 'audits/waivers.yaml:3' }]);
  expect(findings[0]?.fix).toContain('ada');
});

test('a waiver on its last day is no finding', async () => {
  expect(await look('2026-06-15')).toEqual({ examined: 2, findings: [] });
});

test('an absent file is never an empty one', async () => {
  await expect(runInWorld(check, { files: {} })).rejects.toThrow(/cannot be read/);
});
