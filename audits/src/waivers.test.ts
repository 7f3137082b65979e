import { expect, test } from 'vitest';
import { createFinding } from '../test/reports.ts';
import { parseWaivers, waiverFor } from './waivers.ts';

const now = new Date('2026-06-15T12:00:00Z');
const head = 'schema: sanctum.waivers/1\nwaivers:\n';
const entry = (part: Record<string, string> = {}) => {
  const fields = {
    check: 'postgres/duplicate-index',
    fingerprint: "'0123456789abcdef'",
    owner: 'ada',
    reason: 'It goes with the next release.',
    expires: '2026-07-01',
    ...part,
  };
  const lines = Object.entries(fields).filter(([, value]) => value !== '');
  return lines.map(([key, value], at) => `  ${at === 0 ? '-' : ' '} ${key}: ${value}\n`).join('');
};

test('a whole entry waives its finding and no other', () => {
  const waivers = parseWaivers(head + entry(), now);
  expect(waivers).toMatchObject({ malformed: [], entries: [{ owner: 'ada', line: 3 }] });
  const finding = createFinding();
  expect(waiverFor(waivers, 'postgres/duplicate-index', finding, now)?.owner).toBe('ada');
  expect(waiverFor(waivers, 'postgres/invalid-index', finding, now)).toBeUndefined();
  expect(waiverFor(waivers, 'postgres/duplicate-index', createFinding({ fingerprint: 'ffffffffffffffff' }), now)).toBeUndefined();
});

test('a subject may be a glob, and together with a fingerprint both have to fit', () => {
  const byGlob = parseWaivers(head + entry({ fingerprint: '', subject: "'posts.*'" }), now);
  expect(waiverFor(byGlob, 'postgres/duplicate-index', createFinding(), now)).toBeDefined();
  expect(waiverFor(byGlob, 'postgres/duplicate-index', createFinding({ subject: 'users.id' }), now)).toBeUndefined();
  const both = parseWaivers(head + entry({ subject: 'users.id' }), now);
  expect(waiverFor(both, 'postgres/duplicate-index', createFinding(), now)).toBeUndefined();
});

test('a waiver holds through its last day and not a moment longer', () => {
  const waivers = parseWaivers(head + entry({ expires: '2026-06-15' }), now);
  const at = (time: string) => waiverFor(waivers, 'postgres/duplicate-index', createFinding(), new Date(time));
  expect(at('2026-06-15T23:59:59Z')).toBeDefined();
  expect(at('2026-06-16T00:00:00Z')).toBeUndefined();
});

test.each([
  ['no owner', { owner: '' }, /owner/],
  ['an empty reason', { reason: "' '" }, /reason/],
  ['a date that is none', { expires: '2026-02-31' }, /expires/],
  ['a date more than 90 days ahead', { expires: '2026-09-14' }, /2026-09-13 at the latest/],
  ['neither fingerprint nor subject', { fingerprint: '' }, /fingerprint or a subject/],
  ['an unknown field', { approver: 'bob' }, /approver/],
  ['a check that is no id', { check: 'everything' }, /check/],
])('an entry with %s is malformed and waives nothing', (_name, part, problem) => {
  const { entries, malformed } = parseWaivers(head + entry(part), now);
  expect(entries).toEqual([]);
  expect(malformed).toMatchObject([{ line: 3 }]);
  expect(malformed[0]?.problem).toMatch(problem);
});

test('the ninetieth day is not too far', () => {
  expect(parseWaivers(head + entry({ expires: '2026-09-13' }), now).malformed).toEqual([]);
});

test.each([
  ['broken YAML', 'schema: [\n'],
  ['another schema', 'schema: other/1\nwaivers: []\n'],
  ['no list', 'schema: sanctum.waivers/1\n'],
  ['nothing', ''],
])('a file with %s is malformed as a whole', (_name, text) => {
  expect(parseWaivers(text, now).malformed).toHaveLength(1);
});

test('one malformed entry leaves the others in force', () => {
  const { entries, malformed } = parseWaivers(head + entry({ owner: '' }) + entry(), now);
  expect([entries.length, malformed.length]).toEqual([1, 1]);
});
