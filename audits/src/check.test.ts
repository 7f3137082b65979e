import { expect, test } from 'vitest';
import { defineCheck, fingerprint } from './check.ts';
import type { Check } from './check.ts';

const sound: Check = {
  id: 'group/bad-condition',
  title: 'Bad condition',
  area: 'scale',
  severity: 'low',
  needs: ['repository'],
  requirements: [],
  timeoutMs: 1_000,
  run: async () => ({ examined: 1, findings: [] }),
};

test('a sound declaration is frozen', () => {
  expect(Object.isFrozen(defineCheck({ ...sound }))).toBe(true);
});

test.each([
  ['an id without a group', { id: 'condition' }],
  ['an id with capitals', { id: 'group/Bad' }],
  ['an empty title', { title: ' ' }],
  ['no need', { needs: [] }],
  ['no time', { timeoutMs: 0 }],
  ['more time than a review has', { timeoutMs: 3_600_000 }],
  ['an empty reason to be empty', { mayBeEmpty: '' }],
])('a declaration with %s is refused by name', (_name, part) => {
  expect(() => defineCheck({ ...sound, ...part })).toThrow(TypeError);
});

test('a fingerprint tells parts apart, however they are joined', () => {
  expect(fingerprint('a', 'bc')).not.toBe(fingerprint('ab', 'c'));
  expect(fingerprint('a', 'b')).toMatch(/^[0-9a-f]{16}$/);
  expect(fingerprint('a', 'b')).toBe(fingerprint('a', 'b'));
});
