import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { createCursors, cursorCharactersMax } from './cursor.ts';

const key = randomBytes(32);
const cursors = createCursors({ key });
const value = z.object({ rank: z.number(), id: z.string() });

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'opened';
}

describe('cursors', () => {
  it('come back as they were signed, numbers to the last bit', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(), (rank, id) => {
        const text = cursors.sign('list', { rank: rank + 0, id });
        expect(cursors.open('list', text, value)).toEqual({ rank: rank + 0, id });
      }),
    );
  });

  it('tell a cursor of another scope from a forged one', () => {
    const text = cursors.sign('feeds.popular hot 1', { rank: 1, id: '1' });
    expect(codeOf(() => cursors.open('feeds.popular hot 1', text, value))).toBe('opened');
    expect(codeOf(() => cursors.open('feeds.popular hot 2', text, value))).toBe('cursor.foreign');
    expect(codeOf(() => createCursors({ key: randomBytes(32) }).open('feeds.popular hot 1', text, value))).toBe('cursor.invalid');
  });

  it('refuse every change of a single character', () => {
    const text = cursors.sign('list', { rank: 1, id: '1' });
    const outcomes = Array.from(text, (character, index) => {
      const changed = text.slice(0, index) + (character === 'A' ? 'B' : 'A') + text.slice(index + 1);
      return codeOf(() => cursors.open('list', changed, value));
    });
    expect(outcomes.length).toBeGreaterThan(40);
    expect(new Set(outcomes)).toEqual(new Set(['cursor.invalid']));
  });

  it('refuse garbage, other alphabets, padding and oversized text', () => {
    const good = cursors.sign('list', { rank: 1, id: '1' });
    const bad = ['', 'x', 'null', '{}', `${good}=`, ` ${good}`, `${good}\n`, good.slice(0, 32), 'é', 'A'.repeat(cursorCharactersMax + 1)];
    for (const text of bad)
      expect(
        codeOf(() => cursors.open('list', text, value)),
        text,
      ).toBe('cursor.invalid');
    fc.assert(fc.property(fc.string(), (text) => codeOf(() => cursors.open('list', text, value)) === 'cursor.invalid'));
  });

  it('refuse an older shape that was signed all the same', () => {
    expect(codeOf(() => cursors.open('list', cursors.sign('list', { other: 1 }), value))).toBe('cursor.invalid');
  });

  it('do not give out what they would not take back', () => {
    expect(() => cursors.sign('list', { rank: 1, id: 'x'.repeat(cursorCharactersMax) })).toThrow(RangeError);
  });
});
