import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTooDeep } from './body-parser.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('the depth scan', () => {
  test('agrees with the depth of any JSON value', () => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 0, max: 6 }), (text, depthMax) => {
        const tooDeep = isTooDeep(Buffer.from(text), depthMax);
        seen.add(tooDeep);
        expect(tooDeep).toBe(depthOf(JSON.parse(text)) > depthMax);
      }),
      { seed: 8375, numRuns: 500 },
    );
    expect(seen.size).toBe(2);
  });

  test('is not fooled by brackets, quotes and backslashes inside texts', () => {
    expect(isTooDeep(Buffer.from('["[[[[{{{{", "\\"[[[[", "\\\\", "\\\\\\"[[["]'), 1)).toBe(false);
    expect(isTooDeep(Buffer.from('["\\\\", [1]]'), 1)).toBe(true);
  });

  test('stops at the first bracket that is too deep', () => {
    expect(isTooDeep(Buffer.from('['.repeat(100_000)), 32)).toBe(true);
  });
});
